package dev.stratalens.bench;

import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Console;
import dev.stratalens.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** One run of the benchmark in this process. */
record BenchRun(int exitCode, String out, String err) {

    /** The project's root: tests run in the module's folder. */
    static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

    /** A checkpoint with random weights. */
    static final Path TINY = ROOT.resolve("server/engine/src/test/resources/parity/gpt2-fp16");

    static BenchRun of(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                InputStream.nullInputStream(),
                stream(out),
                stream(err),
                new Terminal(false, false, false, 100, 50, ColorDepth.PLAIN));
        int exitCode =
                BenchMain.execute(console, new Installation(Optional.of(ROOT), "stratalens", Map.of()), arguments);
        return new BenchRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
