package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.fake.SelfSignedCertificate;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keys}, and a server that asks for one. */
class KeysTest {

    private static final Pattern ADDRESS =
            Pattern.compile("Serving .* on 127\\.0\\.0\\.1(:\\d+) \\(TLS.* --api-key-file FILE .*");

    @TempDir
    Path folder;

    private String file = "";

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("keys.json").toString();
    }

    @Test
    void addPrintsTheKeyOnceAndAlone() throws IOException {
        CliRun run = CliRun.of("keys", "add", "--principal", "ann", "--file", file);

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().matches("slk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n"), "one line with a key");
        String secret = run.out().strip().substring(21);
        assertFalse(run.err().contains(secret));
        assertTrue(run.err().contains("cannot be shown again"), run.err());
        String list = CliRun.of("keys", "list", "--file", file).out();
        assertTrue(list.matches("(?s)id .*\n" + id(run.out()) + "  ann  +20.*Z  never\n"), list);
        assertFalse(Files.readString(Path.of(file)).contains(secret));
    }

    @Test
    void programsGetJson() {
        JsonObject added = json("keys", "add", "--principal", "ci", "--expires", "90d", "--format", "json");
        assertEquals("ci", added.get("principal").getAsString());
        assertEquals(added.get("id").getAsString(), id(added.get("key").getAsString()));
        assertEquals(
                Duration.ofDays(90),
                Duration.between(
                        Instant.parse(added.get("created").getAsString()),
                        Instant.parse(added.get("expires").getAsString())));

        JsonObject listed =
                json("keys", "--format", "json").getAsJsonArray("keys").get(0).getAsJsonObject();
        added.remove("key");
        assertEquals(added, listed);
    }

    @Test
    void rotateReplacesAKeyAtOnceOrAfterAWhile() {
        String first = add("ann");
        String second =
                CliRun.of("keys", "rotate", id(first), "--file", file).out().strip();
        assertEquals(1, keys());
        CliRun third = CliRun.of("keys", "rotate", id(second), "--overlap", "7d", "--file", file);

        assertEquals(0, third.exitCode(), third.err());
        String list = CliRun.of("keys", "list", "--file", file).out();
        assertFalse(list.contains(id(first)), list);
        assertTrue(list.matches("(?s).*" + id(second) + "  ann  +\\S+Z  20\\S+Z\n.*"), list);
        assertTrue(list.matches("(?s).*" + id(third.out()) + "  ann  +\\S+Z  never\n.*"), list);
    }

    @Test
    void revokeRemovesAKey() {
        String key = add("ann");
        CliRun run = CliRun.of("keys", "revoke", id(key), "--file", file);

        assertEquals("Revoked the key %s of ann.\n".formatted(id(key)), run.out());
        assertEquals(0, keys());
        CliRun again = CliRun.of("keys", "revoke", id(key), "--file", file);
        assertEquals(2, again.exitCode());
        assertTrue(again.err().contains("no key has the id"), again.err());
    }

    @Test
    void theFileIsAnOptionOrAVariable() {
        CliRun none = CliRun.of("keys", "list");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("--file FILE or STRATALENS_API_KEYS"), none.err());
        add("ann");
        assertTrue(
                CliRun.within(Map.of("STRATALENS_API_KEYS", file), "keys").out().contains("ann"));
        CliRun absent = CliRun.of("keys", "list", "--file", file + "x");
        assertEquals(2, absent.exitCode());
        assertTrue(absent.err().contains("does not exist"), absent.err());
        assertEquals(
                2,
                CliRun.of("keys", "add", "--principal", "a", "--expires", "soon", "--file", file)
                        .exitCode());
    }

    @Test
    void aServerWithKeysAnswersWhoSendsOne() throws Exception {
        String key = add("ann");
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder.resolve("server"));
        SelfSignedCertificate client =
                SelfSignedCertificate.named("CN=x", "email:bob@example.org", folder.resolve("client"));
        Path log = folder.resolve("log");
        Process server = new ProcessBuilder(CliRun.processOf(
                        "serve",
                        "--port",
                        "0",
                        "--model",
                        "tiny=" + CliRun.TINY,
                        "--api-keys",
                        file,
                        "--tls-cert",
                        certificate.certificate().toString(),
                        "--tls-key",
                        certificate.key().toString(),
                        "--set",
                        "tls-client-ca=" + client.certificate()))
                .redirectError(log.toFile())
                .start();
        try (BufferedReader lines = server.inputReader(StandardCharsets.UTF_8)) {
            Matcher line = ADDRESS.matcher(String.valueOf(lines.readLine()));
            assertTrue(line.matches(), Files.readString(log));
            String[] list = {
                "models",
                "list",
                "--server",
                "localhost" + line.group(1),
                "--tls-ca",
                certificate.certificate().toString()
            };

            CliRun stranger = CliRun.of(list);
            assertEquals(2, stranger.exitCode(), stranger.err());
            assertTrue(stranger.err().contains("answers only callers that say who they are"), stranger.err());
            CliRun known = CliRun.within(Map.of("STRATALENS_API_KEY", key), list);
            assertEquals(0, known.exitCode(), known.err());
            Path keyFile = Files.writeString(folder.resolve("ann.key"), key + "\n");
            assertEquals(0, with(list, "--api-key-file", keyFile.toString()).exitCode());
            assertEquals(
                    0,
                    with(
                                    list,
                                    "--tls-client-cert",
                                    client.certificate().toString(),
                                    "--tls-client-key",
                                    client.key().toString())
                            .exitCode());
            CliRun half = with(list, "--tls-client-cert", client.certificate().toString());
            assertEquals(2, half.exitCode());
            assertTrue(half.err().contains("go together"), half.err());

            CliRun.of("keys", "revoke", id(key), "--file", file);
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (CliRun.within(Map.of("STRATALENS_API_KEY", key), list).exitCode() == 0) {
                assertTrue(System.nanoTime() < deadline, "a revoked key still works");
            }
        } finally {
            server.destroy();
        }
        assertFalse(Files.readString(log).contains(key.substring(21)), "the log holds no key");
    }

    @Test
    void aKeyThatCannotBeSentIsNotShown() throws IOException {
        Path two = Files.writeString(folder.resolve("two"), "slk_a slk_b");
        CliRun run = CliRun.of("models", "--server", "localhost:1", "--api-key-file", two.toString());
        assertEquals(2, run.exitCode());
        assertFalse(run.err().contains("slk_a"), run.err());
        assertEquals(
                2, CliRun.of("analyze", "x", "--api-key-file", two.toString()).exitCode(), "without a server");
    }

    private static CliRun with(String[] arguments, String... more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return CliRun.of(all);
    }

    private String add(String principal) {
        return CliRun.of("keys", "add", "--principal", principal, "--file", file)
                .out()
                .strip();
    }

    private int keys() {
        return json("keys", "--format", "json").getAsJsonArray("keys").size();
    }

    private JsonObject json(String... arguments) {
        CliRun run = with(arguments, "--file", file);
        assertEquals(0, run.exitCode(), run.err());
        return JsonParser.parseString(run.out()).getAsJsonObject();
    }

    private static String id(String key) {
        return key.substring(4, 20);
    }
}
