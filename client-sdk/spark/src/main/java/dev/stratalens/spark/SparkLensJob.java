package dev.stratalens.spark;

import dev.stratalens.cli.failure.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Unmatched;

/** The job for {@code spark-submit}: texts of files into a table of Parquet files. docs/spark.md has its use. */
@Command(
        name = "stratalens-spark",
        sortOptions = false,
        description = "Computes the lens of every text of a dataset into a table of Parquet files.")
public final class SparkLensJob {

    private static final int WRONG_USAGE = 2;

    /** Formats of Spark. */
    enum Format {
        PARQUET,
        CSV,
        TSV,
        JSON,
        TEXT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--input",
            paramLabel = "PATH",
            required = true,
            description = "Files or a folder; any path of Spark.")
    String input = "";

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description =
                    "parquet, csv, tsv, json (an object a line) or text (default: by the end of --input, else parquet).")
    @Nullable
    Format format;

    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column with the texts (default: text; value for format text).")
    @Nullable
    String textColumn;

    @Option(names = "--output", paramLabel = "PATH", required = true, description = "A folder that is not there yet.")
    String output = "";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Deal the texts into so many tasks (default: as the files are split).")
    int partitions;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Unmatched
    List<String> ofLens = new ArrayList<>();

    private SparkLensJob() {}

    /** Runs the job. A failure of Spark comes out of it; wrong options end the process with code 2. */
    public static void main(String... arguments) {
        SparkLensJob job = new SparkLensJob();
        CommandLine line = new CommandLine(job).setCaseInsensitiveEnumValuesAllowed(true);
        try {
            line.parseArgs(arguments);
            if (job.help) {
                line.usage(System.out);
                new CommandLine(new SparkLensOptions()).usage(System.out);
                return;
            }
            SparkLens lens = SparkLens.of(job.ofLens);
            SparkSession session = SparkSession.builder().appName("stratalens").getOrCreate();
            try {
                job.run(session, lens);
            } finally {
                session.stop();
            }
        } catch (ParameterException | IllegalArgumentException | CliException e) {
            System.err.println("stratalens-spark: " + e.getMessage());
            System.exit(WRONG_USAGE);
        }
    }

    private void run(SparkSession session, SparkLens lens) {
        LensCounters counters = LensCounters.register(session);
        long start = System.nanoTime();
        Dataset<Row> texts = read(session);
        Dataset<Row> dealt = partitions > 0 ? texts.repartition(partitions) : texts;
        Dataset<Row> rows = lens.over(dealt, textColumn(), counters);
        long asked = System.nanoTime();
        rows.write().option("compression", "zstd").parquet(output);
        double seconds = (System.nanoTime() - asked) / (double) TimeUnit.SECONDS.toNanos(1);
        System.out.printf(
                Locale.ROOT,
                "%d texts are in %s, %d of them with an error, %d asked for again: %d rows. Model asked for %.1f s, computed %.1f s, %.1f texts/s, %.0f rows/s.%n",
                counters.texts().value(),
                output,
                counters.failures().value(),
                counters.repeats().value(),
                counters.rows().value(),
                (asked - start) / (double) TimeUnit.SECONDS.toNanos(1),
                seconds,
                counters.texts().value() / seconds,
                counters.rows().value() / seconds);
    }

    private Dataset<Row> read(SparkSession session) {
        DataFrameReader reader = session.read();
        return switch (format()) {
            case PARQUET -> reader.parquet(input);
            case CSV, TSV ->
                reader.option("header", true)
                        .option("sep", format() == Format.CSV ? "," : "\t")
                        .option("multiLine", true)
                        .option("escape", "\"")
                        .csv(input);
            case JSON -> reader.json(input);
            case TEXT -> reader.text(input);
        };
    }

    private Format format() {
        if (format != null) {
            return format;
        }
        String name = input.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst|bz2)$", "");
        String end = name.substring(name.lastIndexOf('.') + 1);
        return switch (end) {
            case "csv" -> Format.CSV;
            case "tsv" -> Format.TSV;
            case "json", "jsonl" -> Format.JSON;
            case "txt" -> Format.TEXT;
            default -> Format.PARQUET;
        };
    }

    private String textColumn() {
        if (textColumn != null) {
            return textColumn;
        }
        return format() == Format.TEXT ? "value" : "text";
    }
}
