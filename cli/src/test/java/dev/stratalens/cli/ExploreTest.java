package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.stratalens.integration.DemoServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code explore} as a process of its own. */
class ExploreTest {

    private static final Pattern LINE = Pattern.compile("Explore at (http://127\\.0\\.0\\.1:\\d+/\\S+/) .*");

    @Test
    void thePageAndItsModelsAreThereUntilTheProcessIsToldToStopAndThenEndsInOrder() throws Exception {
        Process process = new ProcessBuilder(CliRun.processOf(
                        "explore",
                        "--no-open",
                        "--no-history",
                        "--model",
                        "tiny=" + CliRun.TINY,
                        "--also",
                        "demo",
                        "hello"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            Matcher line = LINE.matcher(String.valueOf(lines.readLine()));
            assertTrue(line.matches(), line.toString());
            URI page = URI.create(line.group(1));
            assertTrue(get(page).contains("explorer.js"));
            var opening = JsonParser.parseString(get(page.resolve("models"))).getAsJsonObject();
            assertEquals("tiny", opening.get("model").getAsString());
            assertEquals("hello", opening.get("prompt").getAsString());
            JsonArray models = opening.getAsJsonArray("models");
            assertEquals("demo", models.get(0).getAsJsonObject().get("name").getAsString());
            assertEquals("tiny", models.get(1).getAsJsonObject().get("name").getAsString());
        } finally {
            process.destroy(); // SIGTERM
        }
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "no end after half a minute");
        assertEquals(0, process.exitValue());
    }

    @Test
    void aTextIsWrittenAndAPassChangedByAProcessThatAsksAServer() throws Exception {
        try (DemoServer server = DemoServer.plaintext()) {
            Process process = new ProcessBuilder(CliRun.processOf(
                            "explore", "--no-open", "--no-history", "--server", "localhost:" + server.port()))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                Matcher line = LINE.matcher(String.valueOf(lines.readLine()));
                assertTrue(line.matches(), line.toString());
                URI runs = URI.create(line.group(1)).resolve("runs");
                String written =
                        post(runs, "{\"prompt\": {\"text\": \"Monday, Tuesday,\"}, \"writing\": {\"maxTokens\": 2}}");
                assertEquals(
                        List.of("token", "column", "token", "column", "done"),
                        events(written).stream()
                                .filter(event ->
                                        List.of("token", "column", "done").contains(event))
                                .toList());
                String changed = post(runs, """
                        {"prompt": {"text": "The capital of France is"}, "change": {"layer": 2, "position": 4,
                         "replacement": {"prompt": {"text": "The capital of Italy is"}, "layer": 2, "position": 4}}}""");
                assertTrue(events(changed).contains("unchanged"), changed);
                assertTrue(changed.contains("\"reached\":[[],[],[4,5],[4,6]"), changed);
                String refused = post(runs, "{\"prompt\": {\"text\": \"x\"}, \"change\": {\"layer\": 2}}");
                assertTrue(refused.contains("give one of the two"), refused);
            } finally {
                process.destroy();
            }
            assertTrue(process.waitFor(30, TimeUnit.SECONDS), "no end after half a minute");
        }
    }

    private static List<String> events(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring("event: ".length()))
                .toList();
    }

    @Test
    void aPortThatIsTakenIsSaid() throws IOException {
        byte[] loopback = {127, 0, 0, 1};
        try (var taken = new ServerSocket(0, 1, InetAddress.getByAddress(loopback))) {
            String port = Integer.toString(taken.getLocalPort());
            CliRun run = CliRun.of("explore", "--no-open", "--model", CliRun.TINY.toString(), "--port", port);
            assertEquals(1, run.exitCode());
            assertTrue(run.err().contains("cannot listen on 127.0.0.1:" + port), run.err());
        }
    }

    @Test
    void wrongUsageIsRefusedBeforeAnythingStarts() {
        assertEquals(2, CliRun.of("explore", "--port", "70000").exitCode());
        CliRun remote = CliRun.of("explore", "--server", "localhost:1", "--also", "demo");
        assertEquals(2, remote.exitCode());
        assertTrue(remote.err().contains("--also loads models here"), remote.err());
        CliRun twice = CliRun.of("explore", "--model", CliRun.TINY.toString(), "--also", CliRun.TINY.toString());
        assertEquals(2, twice.exitCode());
        assertTrue(twice.err().contains("two models are called gpt2-fp16"), twice.err());
    }

    @Test
    void theHelpHasExamplesAndTheCompletionKnowsTheCommand() {
        CliRun help = CliRun.of("explore", "--help");
        assertEquals(0, help.exitCode());
        assertTrue(help.out().contains("\n  stratalens explore \"The capital of France is\""), help.out());
        help.out().lines().forEach(line -> assertTrue(line.length() <= 100, line));
        assertTrue(CliRun.of("completion").out().contains("--no-open"));
    }

    private static String post(URI address, String json) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(address)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(json))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static String get(URI address) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .body();
    }
}
