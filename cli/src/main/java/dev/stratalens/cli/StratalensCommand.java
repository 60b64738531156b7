package dev.stratalens.cli;

import dev.stratalens.cli.terminal.Console;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command above the commands. By itself it prints the help. */
@Command(
        name = "stratalens",
        synopsisSubcommandLabel = "COMMAND",
        header = {"Stratalens shows how the prediction of a language model forms, layer by layer: the logit lens.", ""},
        description = {
            "",
            "Start here:",
            "  ${ROOT-COMMAND-NAME} analyze \"The capital of France is\"   with the demo model",
            "  ${ROOT-COMMAND-NAME} analyze --model DIR \"...\"            with your own checkpoint",
            "  ${ROOT-COMMAND-NAME} analyze --model hf:ORG/NAME \"...\"    with one of the hub",
            "  ${ROOT-COMMAND-NAME} analyze \"...\" --output lens.html     a page, offline",
            "  ${ROOT-COMMAND-NAME} analyze \"...\" --output lens.svg      a picture for a paper",
            "  ${ROOT-COMMAND-NAME} explore                              type, look, compare",
            "  ${ROOT-COMMAND-NAME} serve --model DIR                    a server for programs",
            "  ${ROOT-COMMAND-NAME} doctor                               what works here, and why",
            ""
        },
        commandListHeading = "%nCommands (each has --help with examples):%n",
        footer = {
            "",
            "Environment:",
            "  NO_COLOR, FORCE_COLOR     switch colors off and on",
            "  DJL_CACHE_DIR             where PyTorch is unpacked (default: ~/.djl.ai)",
            "  HF_HOME, HF_TOKEN, ...    cache of the Hugging Face hub, and its token",
            "  STRATALENS_API_KEY        key or token for the server that --server names",
            "  STRATALENS_JAVA_OPTIONS   more options for the JVM",
            "  STRATALENS_DEBUG=1        stack traces"
        },
        exitCodeListHeading = "%nExit codes:%n")
final class StratalensCommand implements Runnable {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;

    @Spec
    @Nullable
    CommandSpec spec;

    private final Console console;

    StratalensCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        if (spec == null) {
            throw new IllegalStateException("run through picocli");
        }
        spec.commandLine().usage(console.out(), spec.commandLine().getColorScheme());
    }
}
