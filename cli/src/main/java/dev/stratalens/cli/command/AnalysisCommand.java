package dev.stratalens.cli.command;

import dev.stratalens.cli.analysis.Analysis;
import dev.stratalens.cli.analysis.AnalysisReport;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.output.OutputFormat;
import dev.stratalens.cli.output.OutputOptions;
import dev.stratalens.cli.selection.AnalysisSelection;
import dev.stratalens.cli.source.ResultSource;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An analysis of one result: where the result comes from, which of its cells are shown, and how. */
abstract class AnalysisCommand extends ConsoleCommand {

    @Mixin
    ResultSource source = new ResultSource();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = OutputFormat.OfAnalyses.class,
            completionCandidates = OutputFormat.OfAnalyses.class,
            description =
                    "table, json, csv, markdown, svg, png or html (default: that of the output file, else table). html is the whole result in the"
                            + " viewer; docs/analysis-json.md says what json and csv hold.")
    @Nullable
    OutputFormat format;

    @Mixin
    OutputOptions output = new OutputOptions();

    private final String name;

    AnalysisCommand(String name, Console console, Installation installation) {
        super(console, installation);
        this.name = name;
    }

    /** This command over a saved result alone: its parameter is the file. */
    final CommandLine ofSavedResult() {
        CommandLine line = new CommandLine(this);
        source.takeFile(line.getCommandSpec());
        return line;
    }

    /** Which cells, and what must be asked for in them. Wrong options are refused here, before anything is computed. */
    abstract AnalysisSelection selection();

    /** The analysis.
     *
     * @param positions those to show */
    abstract AnalysisReport report(LensResult result, List<Integer> positions);

    @Override
    public final Integer call() throws IOException {
        output.check(format, OutputFormat.OF_ANALYSES, "lens", console);
        AnalysisSelection selection =
                output.format() == OutputFormat.HTML ? selection().needingEverything() : selection();
        source.read(selection, console, installation, result -> {
            List<Integer> positions = selection.positions(result);
            AnalysisReport found = report(result, positions);
            output.write(new Analysis(name, result, positions, found, output.figure::strided), console);
        });
        return ExitCode.OK.number();
    }
}
