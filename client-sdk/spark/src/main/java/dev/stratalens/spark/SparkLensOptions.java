package dev.stratalens.spark;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.Choice;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.table.TableLayout;
import dev.stratalens.cli.table.TableRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of a lens, which are those of {@code batch} where both have them. */
@Command(name = "stratalens-spark", sortOptions = false)
final class SparkLensOptions {

    private static final int MOST_IN_FLIGHT = 1024;

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nWhat to compute:%n")
    LensOptions lens = new LensOptions();

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "Column with the ids (default: numbers of Spark).")
    @Nullable
    String idColumn;

    @Option(names = "--type-column", paramLabel = "NAME", description = "Column with the types (default: none).")
    @Nullable
    String typeColumn;

    @Option(
            names = "--target-column",
            paramLabel = "NAME",
            description = "Column with a target for each text (default: none).")
    @Nullable
    String targetColumn;

    @Option(
            names = "--rows",
            paramLabel = "WHAT",
            description = "A row is a position, with lists over layers, or a layer at a position (default: position).")
    TableRows rows = TableRows.POSITION;

    @Option(
            names = "--leave-out",
            paramLabel = "COLUMN,...",
            split = ",",
            description = "Columns that are not computed into the table.")
    List<String> leftOut = new ArrayList<>();

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            description = "Texts at once in each task, 1 to 1024 (default: 16).")
    int inFlight = 16;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description =
                    "A task fails if it could not reach a server for so long, and Spark repeats it (default: 120).")
    int patienceSeconds = 120;

    /**
     * Reads options.
     *
     * @throws CliException if one is not understood
     */
    static SparkLensOptions parse(List<String> arguments) {
        SparkLensOptions options = new SparkLensOptions();
        CommandLine line = new CommandLine(options);
        Choice.register(line);
        try {
            line.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw CliException.usage(String.valueOf(e.getMessage()));
        }
        return options;
    }

    /**
     * Checks what can be checked without a model.
     *
     * @throws CliException if values are out of range, or do not go together
     */
    void check() {
        if (inFlight < 1 || inFlight > MOST_IN_FLIGHT) {
            throw CliException.usage("--in-flight: %d is outside 1 .. %d.".formatted(inFlight, MOST_IN_FLIGHT));
        }
        if (patienceSeconds < 0) {
            throw CliException.usage("--patience: %d is below 0.".formatted(patienceSeconds));
        }
        if (model.server == null && model.model == null) {
            throw CliException.usage(
                    "--server HOST:PORT or --model DIR is missing: who computes, a server or the executors themselves?");
        }
        settings().check();
        layout();
    }

    LensSettings settings() {
        return lens.settings();
    }

    TableLayout layout() {
        return TableLayout.without(leftOut, rows, Long.MAX_VALUE);
    }

    Duration patience() {
        return Duration.ofSeconds(patienceSeconds);
    }

    Optional<String> idColumn() {
        return Optional.ofNullable(idColumn);
    }

    Optional<String> typeColumn() {
        return Optional.ofNullable(typeColumn);
    }

    Optional<String> targetColumn() {
        return Optional.ofNullable(targetColumn);
    }
}
