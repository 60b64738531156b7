package dev.stratalens.cli.option;

import java.util.Locale;

/** Values of {@code --format} of the analyses. */
public enum AnalysisFormat {
    /** For people. */
    TABLE,
    /** For programs: everything. */
    JSON,
    /** For programs and spreadsheets: one line a number. */
    CSV,
    /** Tables that GitHub renders. */
    MARKDOWN,
    /** A picture of lines and text. */
    SVG,
    /** A picture of pixels. */
    PNG,
    /** The result in the viewer. */
    HTML;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
