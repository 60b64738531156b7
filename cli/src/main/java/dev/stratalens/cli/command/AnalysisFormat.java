package dev.stratalens.cli.command;

import java.util.Locale;

/** Values of {@code --format} of the analyses. */
enum AnalysisFormat {
    /** For people. */
    TABLE,
    /** For programs: everything. */
    JSON,
    /** For programs and spreadsheets: one line a number. */
    CSV;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
