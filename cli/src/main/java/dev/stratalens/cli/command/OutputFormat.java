package dev.stratalens.cli.command;

import java.util.Locale;

/** Values of {@code --format} of an analysis. */
enum OutputFormat {
    /** For people. */
    TABLE,
    /** Everything, lossless. */
    JSON,
    /** The interchange format of the existing viewer. */
    V2,
    /** One line a layer, position and place. */
    CSV,
    /** A page that shows everything, for a file. */
    HTML;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
