package dev.stratalens.cli;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of the command in this process, with streams of its own and no terminal.
 *
 * @param exitCode as the process would end
 * @param out standard output
 * @param err standard error
 */
record CliRun(int exitCode, String out, String err) {

    /** The project's root: tests run in the module's folder. */
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** A checkpoint with random weights and recorded answers: 2 or more blocks, a few hundred tokens. */
    static final Path TINY = ROOT.resolve("server/engine/src/test/resources/parity/gpt2-fp16");

    static CliRun of(String... arguments) {
        return with("", arguments);
    }

    /** With something piped in. */
    static CliRun with(String input, String... arguments) {
        Terminal none = new Terminal(false, false, false, 100, 50, ColorDepth.PLAIN);
        return on(none, input, arguments);
    }

    /** With variables of the process. */
    static CliRun within(Map<String, String> environment, String... arguments) {
        return run(new Terminal(false, false, false, 100, 50, ColorDepth.PLAIN), "", environment, arguments);
    }

    /** With a terminal. */
    static CliRun on(Terminal terminal, String input, String... arguments) {
        return run(terminal, input, Map.of(), arguments);
    }

    /** With all of it. */
    static CliRun run(Terminal terminal, String input, Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), stream(out), stream(err), terminal);
        int exitCode =
                CliMain.execute(console, new Installation(Optional.of(ROOT), "stratalens", environment), arguments);
        return new CliRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The words that start the command as a process of its own. It is over before the second compiler would pay. */
    static List<String> processOf(String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dstratalens.home=" + ROOT,
                "-cp",
                System.getProperty("java.class.path"),
                CliMain.class.getName()));
        words.addAll(List.of(arguments));
        return words;
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
