package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.failure.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {

    @Test
    void theBareCommandAndHelpLeadANewcomer() {
        CliRun bare = CliRun.of();
        assertEquals(0, bare.exitCode());
        assertEquals(CliRun.of("--help").out(), bare.out());
        assertTrue(bare.out().contains("Start here:\n  stratalens analyze \"The capital of France is\""), bare.out());
    }

    @Test
    void everyExitCodeIsDocumented() {
        String help = CliRun.of("--help").out();
        for (ExitCode code : ExitCode.values()) {
            assertTrue(help.contains(code.number() + " ") && help.contains(code.meaning()), help);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "analyze",
                "ranks",
                "kl",
                "entropy",
                "logits",
                "trajectory",
                "crystallize",
                "patch",
                "steer",
                "sweep",
                "show",
                "batch",
                "serve",
                "models",
                "lens",
                "keys",
                "tokenize",
                "doctor",
                "setup-cuda",
                "export-programs",
                "version",
                "completion"
            })
    void everyCommandHasHelpWithAnExample(String command) {
        CliRun run = CliRun.of(command, "--help");
        assertEquals(0, run.exitCode());
        assertTrue(run.out().contains("\n  stratalens " + command), run.out());
        run.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
    }

    @Test
    void versionIsOneLine() {
        assertTrue(CliRun.of("version").out().matches("stratalens \\d.*\\(Java .*\\)\\n"));
        assertTrue(CliRun.of("--version").out().matches("stratalens \\d\\S*\\n"));
    }

    @Test
    void completionKnowsTheCommandsAndTheirOptions() {
        String script = CliRun.of("completion").out();
        assertTrue(script.contains("_complete_stratalens"), script);
        assertTrue(script.contains("--no-final-norm"), script);
    }
}
