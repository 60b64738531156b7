package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.option.AnalysisSelection;
import dev.stratalens.cli.option.ResultSource;
import dev.stratalens.cli.option.StandardOptions;
import dev.stratalens.cli.output.AnalysisOutput;
import dev.stratalens.cli.report.AnalysisReport;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** An analysis of one result: where the result comes from, which of its cells are shown, and how. */
abstract class AnalysisCommand extends StandardOptions implements Callable<Integer> {

    @Mixin
    ResultSource source = new ResultSource();

    @Mixin
    AnalysisOutput output = new AnalysisOutput();

    private final String name;
    private final Console console;
    private final Installation installation;

    AnalysisCommand(String name, Console console, Installation installation) {
        this.name = name;
        this.console = console;
        this.installation = installation;
    }

    /** Which cells, and what must be asked for in them. Wrong options are refused here, before anything is computed. */
    abstract AnalysisSelection selection();

    /** The analysis.
     *
     * @param positions those to show */
    abstract AnalysisReport report(LensResult result, List<Integer> positions);

    @Override
    public final Integer call() throws IOException {
        output.check(console);
        AnalysisSelection selection = output.showsEverything() ? selection().needingEverything() : selection();
        source.read(selection, console, installation, result -> {
            List<Integer> positions = selection.positions(result);
            output.write(new AnalysisOutput.Content(name, result, positions, report(result, positions)), console);
        });
        return ExitCode.OK.number();
    }
}
