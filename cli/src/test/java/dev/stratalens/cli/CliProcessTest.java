package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own, as shells and scripts see it. */
class CliProcessTest {

    private static final String MODEL = CliRun.TINY.toString();

    @TempDir
    Path folder;

    @Test
    void aTableGoesToStandardOutputAndNothingElse() throws Exception {
        CliRun run = start(new byte[0], "C.UTF-8", "analyze", "--model", MODEL, "h\u00e9llo");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("gpt2-fp16: gpt2"), run.out());
        assertEquals(0, run.out().chars().filter(c -> c == '\033' || c == '\r').count(), run.out());
        assertEquals("", run.err());
    }

    @Test
    void pipedBytesArriveAsTheyAre() throws Exception {
        byte[] input = " d\u00e9j\u00e0\r\n".getBytes(StandardCharsets.UTF_8);
        CliRun run = start(input, "C", "analyze", "--model", MODEL, "--format", "json", "-");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                " d\u00e9j\u00e0\r\n",
                JsonParser.parseString(run.out())
                        .getAsJsonObject()
                        .get("prompt")
                        .getAsString());
    }

    @Test
    void bytesThatAreNoTextEndWithTheirOffset() throws Exception {
        CliRun run = start(new byte[] {'a', (byte) 0xFE}, "C.UTF-8", "analyze", "--model", MODEL);
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("offset 1"), run.err());
    }

    @Test
    void anArgumentThatTheLocaleManglesIsRefused() throws Exception {
        CliRun run = start(new byte[0], "C", "tokenize", "--model", MODEL, "h\u00e9llo");
        assertEquals(2, run.exitCode(), run.out());
        assertTrue(run.err().contains("LC_ALL=C.UTF-8"), run.err());
    }

    @Test
    void whatAFullDiskDidNotTakeIsNoSuccess() throws Exception {
        Path full = Path.of("/dev/full"); // Linux has it
        if (!Files.exists(full)) {
            return;
        }
        for (String line : List.of(
                "version",
                "--help",
                "serve --print-config",
                "completion",
                "tokenize --model %s x",
                "analyze --model %s x",
                "analyze --model %s --format csv x",
                "analyze --model %s --format png x")) {
            CliRun run =
                    start(new byte[0], "C.UTF-8", full, line.formatted(MODEL).split(" ", -1));
            assertEquals(1, run.exitCode(), line);
            assertEquals(
                    "stratalens: standard output cannot be written (No space left on device). What was written is not"
                            + " complete.\n",
                    run.err(),
                    line);
        }
    }

    @Test
    void aReaderThatWantsNoMoreEndsTheCommandWithoutAWord() throws Exception {
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(CliRun.processOf("analyze", "--model", MODEL, "--format", "json", "x"))
                .redirectError(err.toFile())
                .start();
        process.getInputStream().close();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "no end after a minute");
        assertEquals(141, process.exitValue());
        assertEquals("", Files.readString(err));
    }

    @Test
    void aMessageInAFileStandsBetweenWhatAShellWritesBeforeAndAfterIt() throws Exception {
        List<String> words = new ArrayList<>(CliRun.processOf("show", "missing.json"));
        words.addAll(1, List.of("--add-opens", "java.base/java.io=ALL-UNNAMED", "-Dstratalens.stderr.fd=3"));
        String command = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path log = folder.resolve("log");
        // As the launcher does, with what the JVM itself says left out.
        Path script = Files.writeString(
                folder.resolve("run.sh"),
                "echo before; echo first >&2; %s 3>&2 2>/dev/null; echo after".formatted(command));
        Process process = new ProcessBuilder("sh", script.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "no end after a minute");
        List<String> lines = Files.readAllLines(log);
        assertEquals(List.of("before", "first"), lines.subList(0, 2));
        assertTrue(lines.get(2).startsWith("stratalens: "), lines::toString);
        assertTrue(lines.get(2).contains("missing.json"), lines::toString);
        assertEquals("after", lines.get(lines.size() - 1));
    }

    private CliRun start(byte[] input, String locale, String... arguments) throws IOException, InterruptedException {
        return start(input, locale, Files.createFile(folder.resolve("out")), arguments);
    }

    private CliRun start(byte[] input, String locale, Path out, String... arguments)
            throws IOException, InterruptedException {
        // Arguments go through a shell with their bytes, as this JVM's own locale may be ASCII.
        Path script = folder.resolve("run.sh");
        StringBuilder line = new StringBuilder("exec");
        CliRun.processOf(arguments)
                .forEach(word -> line.append(" '").append(word).append('\''));
        Files.writeString(script, line);
        Path stdin = Files.write(folder.resolve("stdin"), input);
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString())
                .redirectInput(stdin.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("LC_ALL", locale);
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "no end after a minute");
        return new CliRun(
                process.exitValue(), Files.isRegularFile(out) ? Files.readString(out) : "", Files.readString(err));
    }
}
