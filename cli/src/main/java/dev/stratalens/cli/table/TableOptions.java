package dev.stratalens.cli.table;

import dev.stratalens.cli.batch.BatchFile;
import dev.stratalens.cli.batch.BatchOutput;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.output.OutputFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the results of a batch go, and in which form. */
public final class TableOptions {

    private static final String PARQUET = ".parquet";

    /** Values of {@code --output-format}. */
    enum Form {
        JSONL,
        PARQUET;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Add results to this file, or folder of Parquet files, and continue it if it exists.")
    public Path output = Path.of("");

    @Option(
            names = "--output-format",
            paramLabel = "FORMAT",
            description = "jsonl, or parquet, which is a folder (default: parquet if the name ends so, else jsonl).")
    @Nullable
    Form form;

    @Mixin
    TableRowOptions rows = new TableRowOptions();

    @Option(
            names = "--part-size",
            paramLabel = "MB",
            description = "Of a table in Parquet: a file is closed at about this size, in MB (default: 64).")
    @Nullable
    Double partSize;

    private static final double USUAL_PART = 64;
    private static final double MEGABYTE = 1e6;

    /**
     * Opens the output. The caller closes it.
     *
     * @throws CliException if it cannot be added to, or options do not go together
     */
    public BatchOutput open() throws IOException {
        boolean named = output.toString().toLowerCase(Locale.ROOT).endsWith(PARQUET);
        if (form == Form.PARQUET || (form == null && named)) {
            double size = partSize == null ? USUAL_PART : partSize;
            if (!(size > 0)) {
                throw CliException.usage("--part-size: %s is not above 0.".formatted(size));
            }
            return TableFolder.open(output, rows.layout((long) (size * MEGABYTE)));
        }
        if (rows.areGiven() || partSize != null) {
            throw CliException.usage(
                    "--rows, --leave-out and --part-size are for Parquet; give --output-format parquet, too.");
        }
        if (form == null) {
            requireNoOtherEnding();
        }
        return BatchFile.open(output);
    }

    /** A name such as results.csv promises what is not written. */
    private void requireNoOtherEnding() {
        OutputFormat.ofEnding(output)
                .filter(ending -> ending != OutputFormat.JSON)
                .map(OutputFormat::toString)
                .or(() -> OutputFormat.otherEnding(output).filter(ending -> !ending.equals(Form.JSONL.toString())))
                .ifPresent(ending -> {
                    throw CliException.usage(
                            "--output %s: a batch writes no %s; name a .jsonl file or a .parquet folder, or give --output-format."
                                    .formatted(output, ending));
                });
    }
}
