package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.source.ComputeType;
import dev.stratalens.fake.SelfSignedCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as a process of its own, asked by the command in this one. */
class ServeTest {

    private static final Pattern LINE =
            Pattern.compile("Serving tiny on (127\\.0\\.0\\.1:\\d+) \\(plaintext, computed on cpu\\)\\. Ask it: .*");

    private static final Pattern ENCRYPTED_LINE =
            Pattern.compile("Serving tiny on 127\\.0\\.0\\.1:(\\d+) \\(TLS, computed on cpu\\)\\. Ask it: .*");

    @TempDir
    Path folder;

    @Test
    void servesUntilItIsToldToStopAndThenEndsInOrder() throws Exception {
        Process server = start("serve", "--port", "0", "--model", "tiny=" + CliRun.TINY);
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher line = LINE.matcher(String.valueOf(lines.readLine()));
            assertTrue(line.matches(), line.toString());
            String address = line.group(1);

            CliRun analysis = CliRun.of("analyze", "--server", address, "hello world");
            assertEquals(0, analysis.exitCode(), analysis.err());
            assertTrue(analysis.out().startsWith("tiny: gpt2"), analysis.out());
            assertTrue(CliRun.of("models", "--server", address).out().contains("tiny   ready"));

            CliRun unknown = CliRun.of("analyze", "--server", address, "--model", "large", "x");
            assertEquals(3, unknown.exitCode());
            assertTrue(unknown.err().contains("large") && unknown.err().contains("tiny"), unknown.err());

            CliRun encrypted = CliRun.of(
                    "models",
                    "--server",
                    address,
                    "--tls-ca",
                    SelfSignedCertificate.in(folder).certificate().toString());
            assertEquals(4, encrypted.exitCode(), encrypted.err());
        } finally {
            server.destroy(); // SIGTERM
        }
        assertTrue(server.waitFor(30, TimeUnit.SECONDS), "no end after half a minute");
        assertEquals(0, server.exitValue());
        String log = Files.readString(folder.resolve("err"));
        assertTrue(log.endsWith(" INFO Stopped" + System.lineSeparator()), log);
        assertTrue(log.contains("A connection failed: ") && !log.contains("\tat "), log);
    }

    @Test
    void tlsIsSpokenWithWhoeverTrustsTheCertificate() throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder);
        Process server = start(
                "serve",
                "--port",
                "0",
                "--model",
                "tiny=" + CliRun.TINY,
                "--tls-cert",
                certificate.certificate().toString(),
                "--tls-key",
                certificate.key().toString());
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher line = ENCRYPTED_LINE.matcher(String.valueOf(lines.readLine()));
            assertTrue(line.matches(), line.toString());
            String address = "localhost:" + line.group(1);

            CliRun trusting = CliRun.of(
                    "analyze",
                    "--server",
                    address,
                    "--tls-ca",
                    certificate.certificate().toString(),
                    "hello world");
            assertEquals(0, trusting.exitCode(), trusting.err());

            CliRun careful = CliRun.of("analyze", "--server", address, "--tls-ca", other().toString(), "hello world");
            assertEquals(4, careful.exitCode());
            assertTrue(careful.err().contains("certificate is not trusted"), careful.err());

            assertEquals(
                    4, CliRun.of("models", "--server", address, "--plaintext").exitCode());
        } finally {
            server.destroy();
        }
    }

    @Test
    void modelsAreLoadedAndUnloadedFromTheCommandLine() throws Exception {
        Process server = start(
                "serve",
                "--port",
                "0",
                "--model",
                "tiny=" + CliRun.TINY,
                "--set",
                "load=on-demand",
                "--set",
                "memory-budget=100MB");
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher line = LINE.matcher(String.valueOf(lines.readLine()));
            assertTrue(line.matches(), line.toString());
            String address = line.group(1);
            assertTrue(list(address).contains("tiny   not loaded"), list(address));

            CliRun load = CliRun.of("models", "load", "tiny", "--server", address);
            assertEquals(0, load.exitCode(), load.err());
            assertTrue(load.out().matches("tiny is loaded: \\d+ kB of memory\\.\n"), load.out());
            String loaded = list(address);
            assertTrue(loaded.matches("(?s).*tiny   ready +\\d+ kB  \\d+ s ago +gpt2 .*"), loaded);
            assertTrue(loaded.matches("(?s).*\nModels take \\d+ kB of a budget of 100 MB\\.\n.*"), loaded);

            CliRun unload = CliRun.of("models", "unload", "tiny", "--server", address);
            assertEquals(0, unload.exitCode(), unload.err());
            assertTrue(unload.out().matches("tiny is unloaded: \\d+ kB of memory are free again\\.\n"), unload.out());
            assertTrue(list(address).contains("tiny   not loaded"), list(address));
            assertEquals(
                    "tiny was not loaded.\n",
                    CliRun.of("models", "unload", "tiny", "--server", address, "--wait", "0")
                            .out());

            CliRun unknown = CliRun.of("models", "load", "large", "--server", address);
            assertEquals(3, unknown.exitCode());
            assertTrue(unknown.err().contains("Served: tiny"), unknown.err());
            assertEquals(2, CliRun.of("models", "load", "tiny").exitCode());
        } finally {
            server.destroy();
        }
    }

    @Test
    void aServerThatRefusesManagementSaysSo() throws Exception {
        Process server =
                start("serve", "--port", "0", "--model", "tiny=" + CliRun.TINY, "--set", "manage-models=false");
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher line = LINE.matcher(String.valueOf(lines.readLine()));
            assertTrue(line.matches(), line.toString());

            CliRun unload = CliRun.of("models", "unload", "tiny", "--server", line.group(1));

            assertEquals(2, unload.exitCode());
            assertTrue(unload.err().contains("manage-models: true"), unload.err());
        } finally {
            server.destroy();
        }
    }

    private static String list(String address) {
        return CliRun.of("models", "list", "--server", address).out();
    }

    @Test
    void theEffectiveConfigurationIsPrintedWithItsOrigins() {
        CliRun run = CliRun.of("serve", "--print-config", "--port", "7", "--set", "queue-capacity=3");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().matches("(?s).*port: 7 +# --port\n.*"), run.out());
        assertTrue(run.out().matches("(?s).*queue-capacity: 3 +# --queue-capacity\n.*"), run.out());
    }

    @Test
    void faultsOfTheConfigurationAreWrongUsage() {
        CliRun run = CliRun.of("serve", "--port", "x", "--host", "0.0.0.0");
        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("port: \"x\""), run.err());
        assertTrue(run.err().contains("allow-plaintext"), run.err());
        assertEquals(3, CliRun.of("serve", "--model", "no/such/model").exitCode());
    }

    @Test
    void anOptionThatIsGivenTwiceIsRefusedAndForgetsNoOther() {
        for (String[] words : List.of(
                new String[] {"serve", "--tls-cert", "c.pem", "--host", "127.0.0.1", "--host", "0.0.0.0"},
                new String[] {"serve", "--set", "port=1", "--host", "127.0.0.1", "--host", "127.0.0.2", "--print-config"
                },
                new String[] {"analyze", "--server", "a:1", "--server", "b:2", "hello"})) {
            CliRun run = CliRun.of(words);
            assertEquals(2, run.exitCode(), run.err());
            assertTrue(run.err().contains("should be specified only once"), run.err());
        }
        CliRun several = CliRun.of(
                "serve",
                "--model",
                "a=demo",
                "--set",
                "port=7",
                "--model",
                "b=demo",
                "--set",
                "threads=1",
                "--print-config");
        assertEquals(0, several.exitCode(), several.err());
        assertTrue(several.out().contains("port: 7") && several.out().contains("threads: 1"), several.out());
        assertTrue(several.out().contains("a: demo") && several.out().contains("b: demo"), several.out());
    }

    @Test
    void aModelThatIsNotThereIsNamedWithItsLineAndTheOthersAreServed() throws Exception {
        Path config = Files.writeString(
                folder.resolve("cfg.yaml"), "port: 0\nmodels:\n  tiny: %s\n  broken: no/such\n".formatted(CliRun.TINY));
        Process server = start("serve", "--config", config.toString(), "--set", "log-format=json");
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher line = Pattern.compile("Serving broken, tiny on (\\S+) .*|Serving tiny, broken on (\\S+) .*")
                    .matcher(String.valueOf(lines.readLine()));
            assertTrue(line.matches(), line.toString());
            String address = line.group(1) == null ? line.group(2) : line.group(1);
            CliRun analysis = CliRun.of("analyze", "--server", address, "--model", "tiny", "hello world");
            assertEquals(0, analysis.exitCode(), analysis.err());
        } finally {
            server.destroy();
        }
        assertTrue(server.waitFor(30, TimeUnit.SECONDS), "no end after half a minute");

        List<JsonObject> log = Files.readAllLines(folder.resolve("err")).stream()
                .map(text -> JsonParser.parseString(text).getAsJsonObject())
                .toList();
        assertTrue(
                log.get(0)
                        .get("message")
                        .getAsString()
                        .startsWith("models.broken (" + config + ":4): there is no directory"),
                log.toString());
        JsonObject request =
                log.stream().filter(text -> text.has("tokens")).findFirst().orElseThrow();
        assertEquals("Analyze OK", request.get("message").getAsString());
        assertEquals("tiny", request.get("model").getAsString());
        assertTrue(request.get("forward_ms").getAsDouble() >= 0);
    }

    @Test
    void aServerThatCouldAnswerNothingDoesNotStart() throws IOException {
        Path config = Files.writeString(folder.resolve("cfg.yaml"), "models:\n  broken: no/such\n");
        CliRun run = CliRun.of("serve", "--config", config.toString());
        assertEquals(3, run.exitCode());
        assertTrue(
                run.err().startsWith("stratalens: models.broken (" + config + ":2): there is no directory"), run.err());
    }

    @Test
    void aPortThatIsTakenIsSaid() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            CliRun run = CliRun.of("serve", "--model", CliRun.TINY.toString(), "--port", port);
            assertEquals(1, run.exitCode());
            assertTrue(
                    run.err()
                            .matches("stratalens: cannot listen on 127\\.0\\.0\\.1:" + port
                                    + " \\([^()]*\\)\\. [^()]*\n"),
                    run.err());
        }
    }

    @Test
    void aFileThatTlsLacksIsNamedWithItsSetting() {
        String missing = folder.resolve("missing.pem").toString();
        CliRun run = CliRun.of(
                "serve", "--model", CliRun.TINY.toString(), "--port", "0", "--tls-cert", missing, "--tls-key", missing);
        assertEquals(2, run.exitCode());
        assertEquals(
                "stratalens: tls-cert: %s does not exist. Give a readable PEM file.%n".formatted(missing), run.err());
    }

    /** Whether there is something to warn of depends on this machine. */
    @Test
    void theLogWarnsOfAChosenTypeThatIsSlowHere() throws Exception {
        Process server = start("serve", "--port", "0", "--model", "tiny=" + CliRun.TINY, "--dtype", "bfloat16");
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            assertTrue(String.valueOf(lines.readLine()).startsWith("Serving tiny"));
        } finally {
            server.destroy();
        }
        assertTrue(server.waitFor(30, TimeUnit.SECONDS), "no end after half a minute");

        String log = Files.readString(folder.resolve("err"));
        assertEquals(
                ComputeType.BFLOAT16.warning(),
                log.lines()
                        .filter(line -> line.contains("WARNING"))
                        .map(line -> line.replaceFirst("\\S+ WARNING ", ""))
                        .findFirst());
    }

    @Test
    void aDeviceThatIsNotThereStopsTheStartWithOneSentence() {
        CliRun run = CliRun.of("serve", "--port", "0", "--model", "tiny=" + CliRun.TINY, "--device", "cuda:63");
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains("device: cuda:63 "), run.err());
        assertEquals(1, run.err().lines().count(), run.err());

        CliRun unknown = CliRun.of("serve", "--device", "gpu");
        assertEquals(2, unknown.exitCode(), unknown.err());
        assertTrue(unknown.err().contains("device: \"gpu\" (--device) is not allowed"), unknown.err());

        CliRun local = CliRun.of("analyze", "--model", CliRun.TINY.toString(), "--device", "cuda:63", "hello");
        assertEquals(2, local.exitCode(), local.err());
        assertTrue(local.err().contains("device: cuda:63 "), local.err());
        assertEquals(
                0,
                CliRun.of("analyze", "--model", CliRun.TINY.toString(), "--device", "cpu", "hello")
                        .exitCode());
    }

    private Process start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(CliRun.processOf(arguments));
        return builder.redirectError(folder.resolve("err").toFile()).start();
    }

    /** A certificate that signs itself, too, but is not the server's. */
    private Path other() throws Exception {
        return SelfSignedCertificate.in(Files.createDirectory(folder.resolve("other")))
                .certificate();
    }
}
