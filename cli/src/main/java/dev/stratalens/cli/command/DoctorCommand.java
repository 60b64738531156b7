package dev.stratalens.cli.command;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.doctor.Doctor;
import dev.stratalens.cli.doctor.Finding;
import dev.stratalens.cli.doctor.Finding.Level;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.engine.error.PrintableText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code doctor}: what works here, what does not, how to fix it. */
@Command(
        name = "doctor",
        description = {
            "Checks Java, PyTorch, the machine, the environment and models: what works, what does not, how to fix it.",
            "Ends with 1 if something that is needed does not work."
        },
        footer = {
            "",
            "Examples:",
            "  ${ROOT-COMMAND-NAME} doctor",
            "  ${ROOT-COMMAND-NAME} doctor --model ~/models/gpt2"
        })
public final class DoctorCommand extends ConsoleCommand {

    @Option(
            names = "--model",
            paramLabel = "DIR|demo",
            description = "Also try this checkpoint directory; may be given several times (default: demo).")
    List<String> models = new ArrayList<>();

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "${env:STRATALENS_DTYPE:-auto}",
            description = "Arithmetic in which the models are tried: auto, float32, bfloat16 or float16 (default: what"
                    + " STRATALENS_DTYPE says, else auto).")
    ComputeType dtype = ComputeType.AUTO;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "${env:STRATALENS_DEVICE:-auto}",
            description = "Where the models are tried: auto, cpu, cuda, or cards such as cuda:0,1 (default: what"
                    + " STRATALENS_DEVICE says, else auto).")
    String device = "auto";

    public DoctorCommand(Console console, Installation installation) {
        super(console, installation);
    }

    @Override
    public Integer call() {
        List<String> asked = models.isEmpty() ? List.of(LocalModel.DEMO) : models;
        List<LocalModel> directories = asked.stream()
                .map(model -> LocalModel.parse(model, installation))
                .toList();
        List<Finding> findings;
        try (ProgressLine progress = console.progress(false)) {
            findings = Doctor.examine(directories, dtype, device, progress);
        }
        PrintWriter out = console.writer();
        findings.forEach(finding -> print(finding, out));
        long problems = findings.stream()
                .filter(finding -> finding.level() == Level.PROBLEM)
                .count();
        out.printf(
                "%n%s%n", problems == 0 ? "Everything that is needed works." : problems + " of these must be fixed.");
        out.flush();
        return (problems == 0 ? ExitCode.OK : ExitCode.INTERNAL).number();
    }

    private static void print(Finding finding, PrintWriter out) {
        String mark = switch (finding.level()) {
            case OK -> "ok";
            case NOTE -> "note";
            case PROBLEM -> "FAILS";
        };
        out.printf("%-6s %-23s %s%n", mark, PrintableText.of(finding.subject()), PrintableText.of(finding.found()));
        if (!finding.remedy().isEmpty()) {
            out.printf("%-6s %-23s -> %s%n", "", "", PrintableText.of(finding.remedy()));
        }
    }
}
