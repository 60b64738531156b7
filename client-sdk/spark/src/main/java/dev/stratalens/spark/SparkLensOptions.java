package dev.stratalens.spark;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.Choice;
import dev.stratalens.cli.input.LensSettings;
import dev.stratalens.cli.selection.LensOptions;
import dev.stratalens.cli.source.ColumnOptions;
import dev.stratalens.cli.source.InFlightOptions;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.table.TableRowOptions;
import dev.stratalens.cli.table.TableLayout;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of a lens, which are those of {@code batch} where both have them. */
@Command(name = "stratalens-spark", sortOptions = false)
final class SparkLensOptions {

    @ArgGroup(validate = false, heading = ModelOptions.HEADING)
    ModelOptions model = new ModelOptions();

    @ArgGroup(validate = false, heading = "%nWhat to compute:%n")
    LensOptions lens = new LensOptions();

    @Mixin
    ColumnOptions columns = new ColumnOptions();

    @Mixin
    TableRowOptions rows = new TableRowOptions();

    @Mixin
    InFlightOptions inFlight = new InFlightOptions();

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
        inFlight.check();
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
        return rows.layout(Long.MAX_VALUE);
    }

    Duration patience() {
        return Duration.ofSeconds(patienceSeconds);
    }
}
