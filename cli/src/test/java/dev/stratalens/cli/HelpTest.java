package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.failure.ExitCode;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.Terminal;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

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

    static Stream<List<String>> commands() {
        Console console = new Console(
                InputStream.nullInputStream(),
                System.out,
                System.err,
                new Terminal(false, false, false, 80, 24, ColorDepth.PLAIN));
        return paths(List.of(), CliMain.line(console, new Installation(Optional.empty(), "./stratalens", Map.of())));
    }

    private static Stream<List<String>> paths(List<String> before, CommandLine line) {
        return line.getSubcommands().entrySet().stream().flatMap(entry -> {
            List<String> path = new ArrayList<>(before);
            path.add(entry.getKey());
            return Stream.concat(Stream.of(path), paths(path, entry.getValue()));
        });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theHelpOfEveryCommandFitsInATerminalAndItsExamplesCanBeCopied(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.add("--help");
        CliRun run = CliRun.on(
                new Terminal(false, false, false, 80, 24, ColorDepth.PLAIN), "", words.toArray(String[]::new));
        assertEquals(0, run.exitCode());
        assertEquals("", run.err());
        String example = "\n  stratalens " + String.join(" ", command);
        assertTrue(run.out().contains(example), run.out());
        run.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
        Matcher examples = Pattern.compile("(?m)^  stratalens (?:.*\\\\\n)*.*$").matcher(run.out());
        while (examples.find()) {
            String[] lines = examples.group().split("\n", -1);
            for (String line : lines) {
                assertEquals(
                        0, line.chars().filter(each -> each == '"').count() % 2, "a line ends within quotes: " + line);
            }
        }
    }

    static Stream<List<String>> listedCommands() {
        return commands().filter(command -> !command.equals(List.of("export-programs")));
    }

    @ParameterizedTest
    @MethodSource("listedCommands")
    void aListOfCommandsHasAWholeSentenceForEach(List<String> command) {
        String[] group = command.subList(0, command.size() - 1).toArray(String[]::new);
        List<String> words = new ArrayList<>(List.of(group));
        words.add("--help");
        String help = CliRun.of(words.toArray(String[]::new)).out().replaceAll("\\s+", " ");
        String name = command.get(command.size() - 1);
        assertTrue(
                Pattern.compile("Commands.* " + name + " [A-Z`][^.]*(\\.[a-z][^.]*)*\\.")
                        .matcher(help)
                        .find(),
                name + ": " + help);
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
