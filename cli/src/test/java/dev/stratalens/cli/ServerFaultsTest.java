package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.TokenizeRequest;
import dev.stratalens.fake.FaultyProxy;
import dev.stratalens.fake.FaultyProxy.Direction;
import dev.stratalens.fake.FaultyProxy.Effect;
import dev.stratalens.fake.FaultyProxy.Fault;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A server process that is stopped or killed in the middle of an answer, or lacks disk or memory. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS) // no signals, no ulimit
class ServerFaultsTest {

    private static final Pattern SERVING = Pattern.compile("Serving demo on 127\\.0\\.0\\.1:(\\d+) .*");
    private static final Pattern ADMIN = Pattern.compile("(?s).*Metrics, probes and drain on \\S+ port (\\d+).*");
    private static final int LAYERS = 10;
    private static final String TEXT = "one two three four five ".repeat(60);
    /** Of more than a connection's window of 1 MiB and all behind it, so that a server cannot have sent it while nobody reads. */
    private static final LensRequest LARGE =
            LensRequest.of(TEXT).topK(100).exact().build();

    private static final int PART = 200_000;
    /** Bytes that a file may have. */
    private static final int LIMIT = 8 * 512;

    @TempDir
    Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void kill() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void toldToStopItFinishesTheAnswersOnTheirWayAndRefusesOthers() throws Exception {
        Process server = serve(List.of());
        int port = port(server);
        try (FaultyProxy proxy = FaultyProxy.before(port, new Fault(Direction.TO_CLIENT, PART, Effect.STALL));
                LensClient client = client(proxy.port());
                LensClient other = client(port);
                LensStream stream = client.stream(LARGE)) {
            proxy.awaitStruck();
            server.destroy(); // SIGTERM

            LensException refusal = awaitRefusal(other);
            assertEquals(ErrorCode.UNAVAILABLE, refusal.code(), refusal.getMessage());
            assertTrue(refusal.isRetryable());
            proxy.resume();
            assertEquals(LAYERS, stream.result().layers().size());
        }
        assertTrue(server.waitFor(60, TimeUnit.SECONDS), "no end after a minute");
        assertEquals(0, server.exitValue());
    }

    @Test
    void killedItLeavesErrorsAndNoPartOfAResult() throws Exception {
        Process server = serve(List.of());
        try (FaultyProxy proxy = FaultyProxy.before(port(server), new Fault(Direction.TO_CLIENT, PART, Effect.STALL));
                LensClient client = client(proxy.port());
                LensStream stream = client.stream(LARGE)) {
            Path output = folder.resolve("result.json");
            CompletableFuture<CliRun> command = CompletableFuture.supplyAsync(() -> CliRun.of(
                    "analyze",
                    "--server",
                    "127.0.0.1:" + proxy.port(),
                    "--top-k",
                    "100",
                    "--format",
                    "json",
                    "--output",
                    output.toString(),
                    TEXT));
            proxy.awaitStruck(2);
            server.destroyForcibly().waitFor(); // SIGKILL
            proxy.resume();

            LensException failure = assertThrows(LensException.class, stream::result);
            assertEquals(ErrorCode.UNAVAILABLE, failure.code(), failure.getMessage());
            assertTrue(String.valueOf(failure.getMessage()).contains("broke off"), failure.getMessage());
            CliRun cut = command.join();
            assertEquals(4, cut.exitCode(), cut.err());
            assertTrue(cut.err().startsWith("stratalens: "), cut.err());
            assertFalse(Files.exists(output));
        }
    }

    /** The log cannot be written at all, and the audit log has room for some lines. */
    @Test
    void aFullDiskKeepsNobodyFromBeingAnswered() throws Exception {
        Path audit = folder.resolve("audit.jsonl");
        Path log = folder.resolve("log");
        int requests = 30;
        Process server = limited(
                log.toFile(),
                "serve",
                "--port",
                "0",
                "--model",
                "demo",
                "--set",
                "admin-port=0",
                "--set",
                "audit-log=" + audit);
        try (LensClient client = client(port(server))) {
            for (int i = 0; i < requests; i++) {
                assertEquals(
                        LAYERS,
                        client.analyze(LensRequest.of("hello").build()).layers().size());
            }
        }
        assertTrue(Files.size(log) <= LIMIT, "a full disk is tried");
        List<String> lines = Files.readAllLines(audit);
        assertTrue(Files.size(audit) <= LIMIT && !lines.isEmpty() && lines.size() < requests, lines.toString());
        lines.forEach(line -> assertTrue(JsonParser.parseString(line).isJsonObject(), line));
        assertTrue(Files.readString(audit).endsWith("}\n"), "no half line");
        int lost = requests - lines.size();
        Matcher admin = ADMIN.matcher(Files.readString(log));
        assertTrue(admin.matches());
        Pattern counted = Pattern.compile("(?s).*\nstratalens_lines_lost_total(\\{[^}]*})? " + lost + "\\.0\n.*");
        while (!counted.matcher(metrics(admin.group(1))).matches()) {
            Thread.onSpinWait(); // lines are written after the answers
        }
        server.destroy();
        assertTrue(server.waitFor(60, TimeUnit.SECONDS), "no end after a minute");
        assertEquals(0, server.exitValue());
    }

    @Test
    void aBatchThatAFullDiskEndsIsContinuedWhereItWas() throws Exception {
        Path prompts = folder.resolve("prompts.txt");
        Files.writeString(prompts, "hello you\n".repeat(20));
        Path output = folder.resolve("results.jsonl");
        String[] command = {
            "batch", prompts.toString(), "--model", CliRun.TINY.toString(), "--output", output.toString()
        };
        File said = folder.resolve("said").toFile();
        Process full = limited(said, command);
        assertTrue(full.waitFor(60, TimeUnit.SECONDS), "no end after a minute");

        assertEquals(1, full.exitValue());
        String words = Files.readString(said.toPath());
        assertTrue(words.startsWith("stratalens: ") && words.contains("File too large"), words);
        assertEquals(LIMIT, Files.size(output));
        CliRun rest = CliRun.of(command);
        assertEquals(0, rest.exitCode(), rest.err());
        assertEquals(20, BatchLines.read(output).size());
    }

    @Test
    void aResultThatAFullDiskDoesNotTakeIsNotThere() throws Exception {
        Path output = Files.writeString(folder.resolve("result.json"), "the earlier one");
        File said = folder.resolve("said").toFile();
        Process full = limited(
                said,
                "analyze",
                "--model",
                CliRun.TINY.toString(),
                "--format",
                "json",
                "--output",
                output.toString(),
                "hello you");
        assertTrue(full.waitFor(60, TimeUnit.SECONDS), "no end after a minute");

        assertEquals(1, full.exitValue());
        assertTrue(Files.readString(said.toPath()).contains("File too large"), Files.readString(said.toPath()));
        assertEquals("the earlier one", Files.readString(output));
        try (var files = Files.list(folder)) {
            assertEquals(2, files.count(), "nothing else is left");
        }
    }

    /** Requests of 4 MiB each, more than the heap holds: also while they are taken in, and in the native tokenizer. */
    @Test
    void withoutMemoryItRefusesOrEndsAndNeverHangs() throws Exception {
        Process server = serve(List.of("-Xmx48m", "-XX:+ExitOnOutOfMemoryError"));
        String text = "qz ".repeat(1_300_000);
        try (LensClient client = client(port(server))) {
            assertEquals(
                    LAYERS,
                    client.analyze(LensRequest.of("hello").build()).layers().size());
            List<CompletableFuture<?>> calls = new ArrayList<>();
            IntStream.range(0, 12).forEach(i -> {
                calls.add(client.async().tokenize(TokenizeRequest.of(text).build()));
                calls.add(client.async().analyze(LensRequest.of(text).build()));
            });
            for (CompletableFuture<?> call : calls) {
                CompletionException end = assertThrows(CompletionException.class, call::join);
                assertTrue(end.getCause() instanceof LensException, end.toString());
            }
            try {
                client.analyze(
                        LensRequest.of("hello").timeout(Duration.ofSeconds(20)).build());
            } catch (LensException gone) {
                assertEquals(ErrorCode.UNAVAILABLE, gone.code(), gone.getMessage());
                assertTrue(server.waitFor(20, TimeUnit.SECONDS), "neither answers nor ends");
            }
        }
    }

    /** A process whose files cannot grow beyond {@link #LIMIT}, as on a disk without room; what it says on standard error goes to a file, too. */
    private Process limited(File error, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"));
        words.addAll(words(List.of("-XX:-UsePerfData"), arguments));
        return started(new ProcessBuilder(words).redirectError(error));
    }

    private Process serve(List<String> options) throws IOException {
        return started(new ProcessBuilder(words(options, "serve", "--port", "0", "--model", "demo"))
                .redirectError(folder.resolve("log").toFile()));
    }

    private static List<String> words(List<String> options, String... arguments) {
        List<String> words = CliRun.processOf(arguments);
        words.addAll(1, options);
        return words;
    }

    private Process started(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static int port(Process server) throws IOException {
        BufferedReader lines = server.inputReader(StandardCharsets.UTF_8);
        Matcher line = SERVING.matcher(String.valueOf(lines.readLine()));
        assertTrue(line.matches(), line.toString());
        return Integer.parseInt(line.group(1));
    }

    /** Does not take a connection that a test holds for one that is lost. */
    private static LensClient client(int port) {
        return LensClient.builder("localhost:" + port)
                .usePlaintext()
                .keepAlive(Duration.ofMinutes(5))
                .build();
    }

    private static LensException awaitRefusal(LensClient client) {
        while (true) {
            try {
                client.analyze(LensRequest.of("hello").build());
            } catch (LensException refusal) {
                return refusal;
            }
        }
    }

    private static String metrics(String port) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
