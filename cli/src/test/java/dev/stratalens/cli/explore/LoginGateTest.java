package dev.stratalens.cli.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.integration.DemoServer;
import dev.stratalens.server.access.control.AccessConfig;
import dev.stratalens.server.access.proof.ApiKey;
import dev.stratalens.server.access.proof.ApiKeyFile;
import dev.stratalens.server.access.proof.ApiKeyText;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An explorer for several people, in front of a server that asks for keys. */
@Timeout(120)
class LoginGateTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static String ann = "";
    private static String gus = "";
    private static DemoServer server;
    private static Explorer explorer;

    @BeforeAll
    static void start() throws IOException {
        Path keys = directory.resolve("keys.json");
        ann = newKey(keys, "ann");
        gus = newKey(keys, "gus");
        Path policy = Files.writeString(
                directory.resolve("policy.yaml"),
                "groups: {lab: {}, guests: {models: [other]}}\nprincipals: {ann: lab, gus: guests}\n");
        server = DemoServer.with(
                new AccessConfig(true, Optional.of(keys), Optional.of(policy), Optional.empty(), Optional.empty()));
        explorer = Explorer.withLogin(server::client, new Opening("", Optional.empty()), 0);
    }

    @AfterAll
    static void stop() {
        explorer.close();
        server.close();
    }

    @Test
    void theFirstPageAsksForAKeyAndShowsNothingElse() throws Exception {
        HttpResponse<String> page = get("", "");
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("type=\"password\""), page.body());
        assertTrue(header(page, "Content-Security-Policy").contains("form-action 'self'"));
        assertEquals(403, get("explorer.js", "").statusCode());
        assertEquals(403, get("models", "").statusCode());
    }

    @Test
    void aKeyOpensASessionOfItsOwn() throws Exception {
        HttpResponse<String> login = logIn(ann, "");
        assertEquals(303, login.statusCode(), login.body());
        String cookie = header(login, "Set-Cookie");
        String place = header(login, "Location").substring(1);
        assertTrue(
                cookie.matches("stratalens-session=[\\w-]{22}; Path=/" + place + "; HttpOnly; SameSite=Strict"),
                cookie);
        String session = cookie.substring(0, cookie.indexOf(';'));

        assertEquals(200, get(place, session).statusCode());
        assertTrue(get(place + "models", "other=1; " + session).body().contains("demo"));
        assertEquals(403, get(place + "models", "").statusCode(), "the path alone is not enough");
        assertEquals(403, get(place + "models", session + "x").statusCode());
        assertEquals(403, get("models", session).statusCode(), "nor the cookie");
    }

    @Test
    void aSessionSeesWhatItsKeyMaySee() throws Exception {
        HttpResponse<String> login = logIn(gus, "");
        String cookie = header(login, "Set-Cookie");
        String models = get(header(login, "Location").substring(1) + "models", cookie.substring(0, cookie.indexOf(';')))
                .body();

        assertFalse(models.contains("demo"), models);
    }

    @Test
    void otherKeysAndOtherPagesAreRefused() throws Exception {
        String unknown = ApiKeyText.random().reveal();
        HttpResponse<String> refused = logIn(unknown, "");
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("UNAUTHENTICATED"), refused.body());
        assertFalse(refused.body().contains(unknown));
        assertEquals(400, logIn("", "").statusCode());
        assertEquals(403, logIn(ann, "http://localhost:1").statusCode(), "a form of another page");
    }

    private static HttpResponse<String> get(String path, String cookie) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(at(path)).header("Cookie", cookie).build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> logIn(String key, String origin) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(at("login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("key=" + key));
        if (!origin.isEmpty()) {
            request.header("Origin", origin);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static URI at(String path) {
        return explorer.address().resolve(path);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String newKey(Path file, String principal) throws IOException {
        ApiKeyText key = ApiKeyText.random();
        new ApiKeyFile(file).change(all -> all.with(ApiKey.of(key, principal, Instant.now(), Optional.empty())));
        return key.reveal();
    }
}
