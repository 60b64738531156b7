package dev.stratalens.server.hub;

import static dev.stratalens.server.hub.FakeHub.COMMIT;
import static dev.stratalens.server.hub.FakeHub.MODEL;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import dev.stratalens.server.hub.FakeHub.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each refusal says what stands in the way and what to do. */
class HubRefusalTest {

    private static final String LISTING = "GET /api/models/org/name/revision/main";
    private static final String HEAD = "HEAD /org/name/resolve/" + COMMIT + "/model.safetensors";

    @TempDir
    Path cache;

    private FakeHub hub;

    @BeforeEach
    void startHub() throws IOException {
        hub = new FakeHub().withModel(new byte[1000]);
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    @Test
    void aGatedRepositoryIsNamedWithTheWayIn() {
        hub.next(LISTING, Answer.status(401, "X-Error-Code", "GatedRepo"));
        refuses(Problem.ACCESS_DENIED, hub.settings(cache), "is gated", "/org/name", "HF_TOKEN");
    }

    @Test
    void aGatedRepositoryIsNamedToWhoHasATokenToo() {
        hub.next(HEAD, Answer.status(403, "X-Error-Code", "GatedRepo"));
        refuses(Problem.ACCESS_DENIED, hub.settings(cache, "hf_x"), "is gated", "of the same account");
    }

    @Test
    void aRefusedTokenIsCalledThat() {
        hub.next(LISTING, Answer.status(401, "X-Error-Message", "Invalid credentials in Authorization header"));
        refuses(Problem.ACCESS_DENIED, hub.settings(cache, "hf_old"), "refuses the token", "HF_TOKEN");
    }

    @Test
    void aMissingOrPrivateRepositoryMayBeMisspelled() {
        hub.next(LISTING, Answer.status(401, "X-Error-Code", "RepoNotFound"));
        refuses(Problem.NOT_FOUND, hub.settings(cache), "hf:org/name", "no such repository", "spelling");
        hub.next(LISTING, Answer.status(404));
        refuses(Problem.NOT_FOUND, hub.settings(cache), "hf:org/name", "no such repository", "spelling");
    }

    @Test
    void aMissingRevisionIsNamed() {
        hub.next(
                "GET /api/models/org/name/revision/refs%2Fpr%2F7",
                Answer.status(404, "X-Error-Code", "RevisionNotFound"));
        HubModel model = new HubModel("org/name", "refs/pr/7");
        refuses(Problem.NOT_FOUND, hub.settings(cache), model, "no revision \"refs/pr/7\"");
    }

    @Test
    void aMissingFileIsNamed() {
        hub.next(HEAD, Answer.status(404, "X-Error-Code", "EntryNotFound"));
        refuses(Problem.NOT_FOUND, hub.settings(cache), "no file model.safetensors");
    }

    @Test
    void otherRefusalsAreQuotedInOneLine() {
        hub.next(LISTING, Answer.status(403, "X-Error-Message", "Access to this resource is disabled."));
        refuses(Problem.ACCESS_DENIED, hub.settings(cache), "\"Access to this resource is disabled.\"");
        hub.next(LISTING, Answer.status(418, "X-Error-Message", "short\tand stout"));
        refuses(Problem.UNREACHABLE, hub.settings(cache), "HTTP 418 (\"short and stout\")");
        hub.next(LISTING, Answer.status(407));
        refuses(Problem.UNREACHABLE, hub.settings(cache), "proxy wants a name");
    }

    @Test
    void aDiskThatIsTooSmallIsNoticedBeforeAnythingIsFetched() {
        hub.next(
                HEAD,
                Answer.status(
                        302,
                        "X-Linked-Etag",
                        "\"" + "a".repeat(64) + "\"",
                        "X-Linked-Size",
                        "4000000000000000",
                        "Location",
                        hub.storeAddress() + "/model.safetensors"));
        refuses(Problem.STORAGE, hub.settings(cache), "4,000,000,000 MB more", "MB free", "HF_HOME");
        assertTrue(hub.requests().stream()
                .noneMatch(request -> request.path().endsWith("/config.json")
                        && request.method().equals("GET")));
    }

    @Test
    void withoutTheNetworkTheCacheIsAllThereIs() {
        HubSettings online = hub.settings(cache);
        HubSettings offline =
                new HubSettings(online.cache(), online.endpoint(), Optional.empty(), true, online.proxies());
        refuses(Problem.NOT_CACHED, offline, "HF_HUB_OFFLINE", "models pull hf:org/name");
        assertEquals(0, hub.requests().size());
    }

    @Test
    void aHubThatCannotBeReachedIsNamed() {
        HubSettings settings = hub.settings(cache);
        hub.close();
        refuses(Problem.UNREACHABLE, settings, "localhost cannot be reached", "HTTPS_PROXY");
    }

    @Test
    void anEndpointThatIsNoHubIsCalledThat() {
        hub.next(LISTING, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(FakeHub.text("<html>welcome</html>"));
        });
        refuses(Problem.UNREACHABLE, hub.settings(cache), "does not answer as a hub", "HF_ENDPOINT");
        hub.next(HEAD, Answer.status(200, "ETag", "\"v1\"", "Content-Length", "1000"));
        refuses(Problem.UNREACHABLE, hub.settings(cache), "does not say the hash of model.safetensors");
    }

    @Test
    void repositoriesWithoutReadableWeightsSayWhatTheyHave() throws IOException {
        try (FakeHub pickled =
                        new FakeHub().with("config.json", FakeHub.text("{}")).with("pytorch_model.bin", new byte[1]);
                FakeHub gguf = new FakeHub().with("model-q4.gguf", new byte[1]);
                FakeHub empty = new FakeHub().with("config.json", FakeHub.text("{}"))) {
            refuses(Problem.UNUSABLE, pickled.settings(cache), "only pickled weights", "save_pretrained");
            refuses(Problem.UNUSABLE, gguf.settings(cache), "no config.json", "model-q4.gguf");
            refuses(Problem.UNUSABLE, empty.settings(cache), "neither model.safetensors nor");
        }
    }

    @Test
    void anIndexThatLeadsElsewhereIsRefused() throws IOException {
        try (FakeHub hostile = new FakeHub()
                .with("config.json", FakeHub.text("{}"))
                .with(
                        "model.safetensors.index.json",
                        FakeHub.text("{\"weight_map\":{\"w\":\"../../x.safetensors\"}}"))) {
            refuses(Problem.UNUSABLE, hostile.settings(cache), "which files hold the weights");
        }
    }

    private static void refuses(Problem problem, HubSettings settings, String... words) {
        refuses(problem, settings, MODEL, words);
    }

    private static void refuses(Problem problem, HubSettings settings, HubModel model, String... words) {
        ModelSourceException refusal = assertThrows(
                ModelSourceException.class, () -> FakeHub.impatient(settings).locate(model, progress -> {}));
        assertEquals(problem, refusal.problem(), refusal.getMessage());
        assertAll(Stream.of(words)
                .map(word -> () -> assertTrue(refusal.getMessage().contains(word), refusal.getMessage())));
    }
}
