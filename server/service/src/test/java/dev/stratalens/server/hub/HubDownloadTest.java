package dev.stratalens.server.hub;

import static dev.stratalens.server.hub.FakeHub.COMMIT;
import static dev.stratalens.server.hub.FakeHub.MODEL;
import static dev.stratalens.server.hub.FakeHub.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.hub.DownloadListener.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Downloads from a hub that behaves. The layout is the one that Hugging Face's own library reads and writes; both ways
 * were tried with huggingface_hub 2.4.0: {@code snapshot_download("org/name", local_files_only=True)} returned the
 * snapshot that a pull had written, and {@link ModelHub#locate} found, without a request, the one that
 * {@code snapshot_download("org/name")} had written.
 */
class HubDownloadTest {

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
    void writesTheLayoutThatHuggingFaceToolsShare() throws IOException {
        Path snapshot = pull();

        Path folder = cache.resolve("models--org--name");
        assertEquals(folder.resolve("snapshots").resolve(COMMIT), snapshot);
        assertEquals(COMMIT, Files.readString(folder.resolve("refs/main")));
        assertEquals(
                Path.of("../../blobs/" + Hashes.sha256(weights)),
                Files.readSymbolicLink(snapshot.resolve("model.safetensors")));
        assertEquals(
                Path.of("../../blobs/" + Hashes.git(text("{}"))),
                Files.readSymbolicLink(snapshot.resolve("config.json")));
        assertArrayEquals(weights, Files.readAllBytes(snapshot.resolve("model.safetensors")));
    }

    @Test
    void takesWhatAModelNeedsAndNothingElse() throws IOException {
        hub.with("pytorch_model.bin", text("pickle"))
                .with("README.md", text("words"))
                .with("onnx/model.onnx", text("graph"))
                .with("tokenizer_config.json", text("{\"a\":1}"))
                .with("model.safetensors.index.json", text("{\"weight_map\":{\"w\":\"model-00001.safetensors\"}}"))
                .with("model-00001.safetensors", weights);

        assertEquals(
                Set.of("config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"), names(pull()));
    }

    @Test
    void takesTheShardsThatTheIndexNames() throws IOException {
        try (FakeHub sharded = new FakeHub()
                .with("config.json", text("{}"))
                .with("tokenizer.json", text("{}"))
                .with(
                        "model.safetensors.index.json",
                        text("{\"weight_map\":{\"a\":\"s-1.safetensors\",\"b\":\"s-2.safetensors\"}}"))
                .with("s-1.safetensors", text("one"))
                .with("s-2.safetensors", text("two"))
                .with("s-3.safetensors", text("of another model"))) {
            ModelHub here = FakeHub.impatient(sharded.settings(cache));

            Path snapshot = here.pull(MODEL, progress -> {});

            assertEquals(
                    Set.of(
                            "config.json",
                            "tokenizer.json",
                            "model.safetensors.index.json",
                            "s-1.safetensors",
                            "s-2.safetensors"),
                    names(snapshot));
            assertEquals(Optional.of(snapshot), here.cache().find(MODEL));
        }
    }

    @Test
    void takesALensOfOneFileAndNothingElse() throws IOException {
        hub.with("a/jlens/lens.pt", text("maps")).with("b/jlens/lens.pt", text("others"));
        HubLens lens =
                HubLens.parse("hf:org/name@" + COMMIT + ":a/jlens/lens.pt").orElseThrow();
        ModelHub here = FakeHub.impatient(hub.settings(cache));

        Path file = here.locate(lens, progress -> {});

        assertEquals(cache.resolve("models--org--name/snapshots/" + COMMIT + "/a/jlens/lens.pt"), file);
        assertEquals("maps", Files.readString(file));
        assertFalse(Files.exists(cache.resolve("models--org--name/snapshots/" + COMMIT + "/b")));
        assertEquals(0, hub.count("GET", "/org/name/resolve/" + COMMIT + "/model.safetensors"));
        hub.requests().clear();
        assertEquals(file, here.locate(lens, progress -> {}));
        assertEquals(List.of(), hub.requests());
    }

    @Test
    void takesATunedLensOfASpace() throws IOException {
        hub.with("lens/gpt2/config.json", text("{}"))
                .with("lens/gpt2/params.pt", text("maps"))
                .with("lens/gpt2/notes.md", text("words"));
        HubLens lens = HubLens.parse("hf:spaces/org/name:lens/gpt2").orElseThrow();

        Path directory = FakeHub.impatient(hub.settings(cache)).locate(lens, progress -> {});

        assertEquals(cache.resolve("spaces--org--name/snapshots/" + COMMIT + "/lens/gpt2"), directory);
        assertEquals(Set.of("config.json", "params.pt"), names(directory));
        assertEquals(COMMIT, Files.readString(cache.resolve("spaces--org--name/refs/main")));
    }

    @Test
    void saysWhatALensThatIsNotThereNeeds() {
        HubLens lens = HubLens.parse("hf:org/name:lens/gpt2").orElseThrow();
        ModelHub here = FakeHub.impatient(hub.settings(cache));

        assertEquals(
                "hf:org/name has no file lens/gpt2, and no directory of this name with lens/gpt2/config.json and"
                        + " lens/gpt2/params.pt. Check the spelling.",
                assertThrows(ModelSourceException.class, () -> here.locate(lens, progress -> {}))
                        .getMessage());
    }

    @Test
    void asksNothingForAModelThatIsInTheCache() {
        Path snapshot = pull();
        hub.requests().clear();

        assertEquals(snapshot, FakeHub.impatient(hub.settings(cache)).locate(MODEL, progress -> {}));
        HubModel pinned = new HubModel("org/name", COMMIT);
        assertEquals(snapshot, FakeHub.impatient(hub.settings(cache)).locate(pinned, progress -> {}));
        assertEquals(List.of(), hub.requests());
    }

    @Test
    void fetchesOnlyWhatIsMissing() throws IOException {
        Path snapshot = pull();
        Path link = snapshot.resolve("config.json");
        Files.delete(link.toRealPath());
        hub.requests().clear();

        assertEquals(snapshot, FakeHub.impatient(hub.settings(cache)).locate(MODEL, progress -> {}));
        assertEquals("{}", Files.readString(link));
        assertEquals(0, hub.count("GET", "/model.safetensors"));
        assertEquals(0, hub.count("HEAD", "/org/name/resolve/" + COMMIT + "/model.safetensors"));
    }

    @Test
    void countsFilesAndBytesUpToTheirTotals() {
        List<Progress> told = new ArrayList<>();
        FakeHub.impatient(hub.settings(cache)).pull(MODEL, told::add);

        Progress last = told.get(told.size() - 1);
        assertEquals(3, last.doneFiles());
        assertEquals(3, last.totalFiles());
        assertEquals(last.totalBytes(), last.doneBytes());
        assertTrue(last.totalBytes() > weights.length, last.toString());
        long earlier = 0;
        for (Progress progress : told) {
            assertTrue(progress.doneBytes() >= earlier, told.toString());
            earlier = progress.doneBytes();
        }
    }

    @Test
    void aListenerThatThrowsEndsTheDownloadAndWhatCameIsKept() {
        IllegalStateException stop = new IllegalStateException("enough");
        Throwable thrown = assertThrows(
                IllegalStateException.class,
                () -> FakeHub.impatient(hub.settings(cache)).pull(MODEL, progress -> {
                    if (progress.doneBytes() > 100_000) {
                        throw stop;
                    }
                }));

        assertEquals(stop, thrown);
        assertFalse(Files.exists(cache.resolve("models--org--name/refs/main")));
        assertArrayEquals(weights, read(pull().resolve("model.safetensors")));
        assertTrue(hub.requests().stream().anyMatch(request -> request.range().isPresent()), "resumed");
    }

    @Test
    void twoDownloadsOfTheSameModelFetchEachFileOnce() {
        CompletableFuture<Path> other = CompletableFuture.supplyAsync(this::pull);

        assertEquals(pull(), other.join());
        assertEquals(1, hub.count("GET", "/model.safetensors"));
    }

    @Test
    void aBranchThatMovedKeepsItsOldSnapshot() throws IOException {
        Path old = cache.resolve("models--org--name/snapshots").resolve("f".repeat(40));
        Files.createDirectories(old);
        Files.createDirectories(cache.resolve("models--org--name/refs"));
        Files.writeString(cache.resolve("models--org--name/refs/main"), "f".repeat(40));

        assertEquals(COMMIT, pull().getFileName().toString());
        assertEquals(COMMIT, Files.readString(cache.resolve("models--org--name/refs/main")));
        assertTrue(Files.exists(old));
    }

    private Path pull() {
        return FakeHub.impatient(hub.settings(cache)).pull(MODEL, progress -> {});
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
