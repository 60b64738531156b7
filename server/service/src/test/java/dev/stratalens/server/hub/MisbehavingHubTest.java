package dev.stratalens.server.hub;

import static dev.stratalens.server.hub.FakeHub.COMMIT;
import static dev.stratalens.server.hub.FakeHub.MODEL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import dev.stratalens.server.hub.FakeHub.Answer;
import dev.stratalens.server.hub.FakeHub.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that go wrong on the way. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class MisbehavingHubTest {

    private static final String WEIGHTS = "GET /model.safetensors";
    private static final String LISTING = "GET /api/models/org/name/revision/main";
    private static final String ABOUT_WEIGHTS = "HEAD /org/name/resolve/" + COMMIT + "/model.safetensors";
    private static final Path FULL_DEVICE = Path.of("/dev/full");

    private final byte[] weights = new byte[300_000];

    @TempDir
    Path cache;

    private FakeHub hub;

    @BeforeEach
    void startHub() throws IOException {
        new Random(1).nextBytes(weights);
        hub = new FakeHub().withModel(weights);
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    @Test
    void resumesABodyThatIsCutOff() {
        hub.next(WEIGHTS, firstBytes(100_000));

        assertArrayEquals(weights, pulledWeights());
        List<Optional<String>> ranges = rangesOfWeights();
        assertEquals(2, ranges.size());
        assertEquals(Optional.empty(), ranges.get(0));
        // How much of the cut body arrived is the network's affair.
        assertTrue(ranges.get(1).orElse("").matches("bytes=[1-9]\\d*-"), ranges.toString());
    }

    @Test
    void startsAgainWhereTheServerIgnoresRanges() {
        hub.next(WEIGHTS, firstBytes(100_000), content(weights));

        assertArrayEquals(weights, pulledWeights());
        assertEquals(2, rangesOfWeights().size());
    }

    @Test
    void givesUpOnABodyThatIsAlwaysCutOffAtTheSameByteAndKeepsWhatCame() throws IOException {
        hub.next(WEIGHTS, firstBytes(0), firstBytes(0), firstBytes(0));

        ModelSourceException failure = refusal();
        assertEquals(Problem.UNREACHABLE, failure.problem());
        assertTrue(failure.getMessage().contains("again and again"), failure.getMessage());
        assertArrayEquals(weights, pulledWeights());
    }

    @Test
    void resumesWhatAnEarlierProcessLeft() throws IOException {
        Path partial = partial();
        Files.createDirectories(partial.getParent());
        Files.write(partial, Arrays.copyOf(weights, 1234));

        assertArrayEquals(weights, pulledWeights());
        assertEquals(List.of(Optional.of("bytes=1234-")), rangesOfWeights());
    }

    @Test
    void startsAgainWhereWhatAnEarlierProcessLeftIsSpoilt() throws IOException {
        Path partial = partial();
        Files.createDirectories(partial.getParent());
        Files.write(partial, new byte[1234]);

        assertArrayEquals(weights, pulledWeights());
        assertEquals(List.of(Optional.of("bytes=1234-"), Optional.empty()), rangesOfWeights());
    }

    @Test
    void keepsWhatIsThereWhileTheHubRefusesTheRest() throws IOException {
        Path partial = partial();
        Files.createDirectories(partial.getParent());
        Files.write(partial, Arrays.copyOf(weights, 1234));
        hub.next(WEIGHTS, Answer.status(416));

        assertArrayEquals(weights, pulledWeights());
        assertEquals(List.of(Optional.of("bytes=1234-"), Optional.of("bytes=1234-")), rangesOfWeights());
    }

    @Test
    void asksForTheWholeWhereTheHubRefusesTheRestAgainAndAgain() throws IOException {
        Path partial = partial();
        Files.createDirectories(partial.getParent());
        Files.write(partial, Arrays.copyOf(weights, 1234));
        hub.next(WEIGHTS, Answer.status(416), Answer.status(416));

        assertArrayEquals(weights, pulledWeights());
        assertEquals(
                List.of(Optional.of("bytes=1234-"), Optional.of("bytes=1234-"), Optional.empty()), rangesOfWeights());
    }

    @Test
    void keepsWhatIsThereWhereNothingElseCanBeHad() throws IOException {
        Path partial = partial();
        Files.createDirectories(partial.getParent());
        Files.write(partial, Arrays.copyOf(weights, 1234));
        hub.next(WEIGHTS, Answer.status(416), Answer.status(416), Answer.status(416));

        assertEquals(Problem.UNREACHABLE, refusal().problem());
        assertArrayEquals(Arrays.copyOf(weights, 1234), Files.readAllBytes(partial));
    }

    @Test
    void readsAGoodDownloadOnceToVerifyIt() throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("jdk.FileRead").withThreshold(Duration.ZERO);
            recording.start();
            assertArrayEquals(weights, pulledWeights());
            recording.stop();
            Path events = cache.resolve("events.jfr");
            recording.dump(events);

            long read = RecordingFile.readAllEvents(events).stream()
                    .filter(event -> String.valueOf(event.getString("path"))
                            .equals(partial().toString()))
                    .mapToLong(event -> Math.max(0, event.getLong("bytesRead")))
                    .sum();
            assertEquals(weights.length, read);
        }
    }

    @Test
    void refusesAFileThatDoesNotHaveTheAnnouncedHash() {
        hub.next(WEIGHTS, content(new byte[weights.length]));

        ModelSourceException failure = refusal();
        assertEquals(Problem.DAMAGED, failure.problem());
        assertTrue(failure.getMessage().contains("model.safetensors"), failure.getMessage());
        assertTrue(failure.getMessage().contains(Hashes.sha256(weights)), failure.getMessage());
        assertFalse(Files.exists(partial()), "a wrong file must not be resumed");
        assertEquals(
                Optional.empty(), FakeHub.impatient(hub.settings(cache)).cache().find(MODEL));
    }

    @Test
    void refusesASmallFileThatDoesNotHaveTheAnnouncedHash() {
        hub.next("GET /org/name/resolve/" + COMMIT + "/config.json", content(FakeHub.text("[]")));

        assertEquals(Problem.DAMAGED, refusal().problem());
    }

    @Test
    void readsNoMoreThanTheAnnouncedSize() {
        byte[] tooLong = Arrays.copyOf(weights, weights.length + 100_000);
        hub.next(WEIGHTS, content(tooLong));

        assertArrayEquals(weights, pulledWeights());
    }

    @Test
    void givesUpABodyThatStallsAndResumesIt() {
        hub.next(WEIGHTS, exchange -> {
            exchange.sendResponseHeaders(200, weights.length);
            exchange.getResponseBody().write(weights, 0, 50_000);
            exchange.getResponseBody().flush();
            sleep(3_000);
        });

        assertArrayEquals(weights, pulledWeights());
        assertEquals(Optional.of("bytes=50000-"), rangesOfWeights().get(1));
    }

    @Test
    void endsAListingThatStalls() {
        hub.next(LISTING, exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write(FakeHub.text("{"));
            exchange.getResponseBody().flush();
            sleep(60_000); // the end of the test interrupts it
        });

        ModelSourceException failure = refusal();
        assertEquals(Problem.UNREACHABLE, failure.problem());
        assertTrue(failure.getMessage().contains("broke off its answer"), failure.getMessage());
    }

    @Test
    void endsAListingThatNeverEnds() {
        hub.next(LISTING, exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] endless = FakeHub.text("[".repeat(1 << 16));
            while (true) {
                exchange.getResponseBody().write(endless);
            }
        });

        ModelSourceException failure = refusal();
        assertEquals(Problem.UNREACHABLE, failure.problem());
        assertTrue(failure.getMessage().contains("does not answer as a hub does"), failure.getMessage());
    }

    @Test
    void refusesSizesThatAreNone() {
        for (String size : List.of("-1", "99999999999999999999", "many", "")) {
            hub.next(ABOUT_WEIGHTS, announcing(size));

            ModelSourceException failure = refusal();
            assertEquals(Problem.UNREACHABLE, failure.problem(), size);
            assertTrue(
                    failure.getMessage().contains("does not say the size of model.safetensors"), failure.getMessage());
        }
    }

    @Test
    void takesNoFileOfAnotherSizeThanTheAnnouncedOne() {
        hub.next(ABOUT_WEIGHTS, announcing("1000"));
        assertEquals(Problem.DAMAGED, refusal().problem());
        hub.next(ABOUT_WEIGHTS, announcing("400000"));
        assertEquals(Problem.UNREACHABLE, refusal().problem());
        assertEquals(
                Optional.empty(), FakeHub.impatient(hub.settings(cache)).cache().find(MODEL));

        assertArrayEquals(weights, pulledWeights());
    }

    /** Every write to this device fails as on a full disk. */
    @Test
    @EnabledIf("hasFullDevice")
    void saysThatTheDiskIsFullAndGoesOnOnceThereIsRoom() throws IOException {
        Files.createDirectories(partial().getParent());
        Files.createSymbolicLink(partial(), FULL_DEVICE);

        ModelSourceException failure = refusal();
        assertEquals(Problem.STORAGE, failure.problem());
        assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
        Files.delete(partial());
        assertArrayEquals(weights, pulledWeights());
    }

    static boolean hasFullDevice() {
        return Files.isWritable(FULL_DEVICE);
    }

    private Answer announcing(String size) {
        return Answer.status(
                302,
                "X-Linked-Etag",
                '"' + Hashes.sha256(weights) + '"',
                "X-Linked-Size",
                size,
                "Location",
                hub.storeAddress() + "/model.safetensors");
    }

    @Test
    void waitsAsLongAsABusyHubAsks() {
        hub.next(LISTING, Answer.status(429, "Retry-After", "1"));
        long start = System.nanoTime();

        assertArrayEquals(weights, pulledWeights());
        assertTrue(System.nanoTime() - start >= 1_000_000_000L);
        assertEquals(2, hub.count("GET", "/api/models/org/name/revision/main"));
    }

    @Test
    void doesNotWaitForAHubThatAsksForTooMuchPatience() {
        hub.next(LISTING, Answer.status(429, "Retry-After", "3600"));

        ModelSourceException failure = refusal();
        assertEquals(Problem.UNREACHABLE, failure.problem());
        assertTrue(failure.getMessage().contains("in 3,600 seconds"), failure.getMessage());
        assertEquals(1, hub.count("GET", "/api/models/org/name/revision/main"));
    }

    @Test
    void triesAgainAfterAFaultOfTheHubAndNotForEver() {
        hub.next(LISTING, Answer.status(503), Answer.status(500));
        hub.next("HEAD /org/name/resolve/" + COMMIT + "/model.safetensors", Answer.status(502));
        hub.next(WEIGHTS, Answer.status(504));
        assertArrayEquals(weights, pulledWeights());

        hub.next(LISTING, Answer.status(503), Answer.status(503), Answer.status(503));
        ModelSourceException failure = refusal();
        assertEquals(Problem.UNREACHABLE, failure.problem());
        assertTrue(failure.getMessage().contains("HTTP 503, 3 attempts"), failure.getMessage());
    }

    @Test
    void showsTheTokenToTheHubAndNotToTheHostThatItRedirectsTo() {
        FakeHub.impatient(hub.settings(cache, "hf_secret")).pull(MODEL, progress -> {});

        for (Request request : hub.requests()) {
            assertEquals(
                    request.host().equals("hub") ? Optional.of("Bearer hf_secret") : Optional.empty(),
                    request.authorization(),
                    request.toString());
        }
        assertEquals(1, hub.count("GET", "/model.safetensors"));
    }

    @Test
    void followsARepositoryThatWasRenamed() {
        hub.next(
                "GET /api/models/org/old/revision/main",
                Answer.status(307, "Location", "/api/models/org/name/revision/main"));
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Answer moved = Answer.status(307, "Location", "/org/name/resolve/" + COMMIT + "/" + file);
            hub.next("HEAD /org/old/resolve/" + COMMIT + "/" + file, moved);
            hub.next("GET /org/old/resolve/" + COMMIT + "/" + file, moved);
        }

        Path snapshot = FakeHub.impatient(hub.settings(cache)).pull(new HubModel("org/old", "main"), progress -> {});
        assertArrayEquals(weights, read(snapshot));
    }

    @Test
    void endsARedirectThatLeadsRoundInACircle() {
        Answer circle = Answer.status(302, "Location", "/api/models/org/name/revision/main");
        hub.next(LISTING, circle, circle, circle, circle, circle, circle);

        assertTrue(refusal().getMessage().contains("redirects more than 5 times"));
    }

    @Test
    void endsAtOnceWhenTheThreadIsInterrupted() throws InterruptedException {
        hub.next(WEIGHTS, exchange -> sleep(10_000));
        Thread thread = new Thread(() -> assertThrows(RuntimeException.class, this::pulledWeights));
        thread.start();
        Thread.sleep(200);
        thread.interrupt();
        thread.join(5_000);

        assertFalse(thread.isAlive());
    }

    private Answer firstBytes(int count) {
        return exchange -> {
            exchange.sendResponseHeaders(200, weights.length);
            exchange.getResponseBody().write(weights, 0, count);
            exchange.getResponseBody().flush();
            // Closed before the announced length: the connection breaks.
            sleep(50);
        };
    }

    private static Answer content(byte[] bytes) {
        return exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException testIsOver) {
            Thread.currentThread().interrupt();
        }
    }

    private Path partial() {
        return cache.resolve("models--org--name/blobs/" + Hashes.sha256(weights) + ".stratalens.incomplete");
    }

    private List<Optional<String>> rangesOfWeights() {
        return hub.requests().stream()
                .filter(request -> request.host().equals("store"))
                .map(Request::range)
                .toList();
    }

    private byte[] pulledWeights() {
        return read(FakeHub.impatient(hub.settings(cache)).pull(MODEL, progress -> {}));
    }

    private static byte[] read(Path snapshot) {
        try {
            return Files.readAllBytes(snapshot.resolve("model.safetensors"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ModelSourceException refusal() {
        return assertThrows(
                ModelSourceException.class,
                () -> FakeHub.impatient(hub.settings(cache)).pull(MODEL, progress -> {}));
    }
}
