package dev.stratalens.server.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.hub.CachedModel.Revision;
import dev.stratalens.server.hub.FileCheck.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the cache, what of it is whole, and what goes when a part of it goes. */
class HubCacheTest {

    private static final String OLD = "a".repeat(40);
    private static final String NEW = "b".repeat(40);
    private static final HubModel MODEL = new HubModel("org/name", "main");

    @TempDir
    Path root;

    private HubCache cache;
    private Path folder;

    /** Two revisions that share all but their weights. */
    @BeforeEach
    void writeCache() throws IOException {
        cache = new HubCache(root);
        folder = root.resolve("models--org--name");
        for (String commit : List.of(OLD, NEW)) {
            cache.prepare(MODEL, cache.snapshot(MODEL, commit));
            link(commit, "config.json", "{}");
            link(commit, "tokenizer.json", "[]");
            link(commit, "model.safetensors", "weights of " + commit);
        }
        cache.point(MODEL, NEW);
        cache.point(new HubModel("org/name", "refs/pr/1"), OLD);
    }

    @Test
    void listsRepositoriesWithTheirRevisions() throws IOException {
        Files.createDirectories(root.resolve("datasets--org--data/snapshots").resolve(OLD));
        Files.createDirectories(root.resolve("models--org--begun/blobs"));

        List<CachedModel> models = cache.models();
        assertEquals(1, models.size());
        assertEquals("org/name", models.get(0).repository());
        assertEquals(4 + 2 * 51, models.get(0).bytes());
        assertEquals(
                List.of(
                        new Revision(OLD, List.of("refs/pr/1"), cache.snapshot(MODEL, OLD), true, 4 + 51),
                        new Revision(NEW, List.of("main"), cache.snapshot(MODEL, NEW), true, 4 + 51)),
                models.get(0).revisions());
        assertEquals(List.of(), new HubCache(root.resolve("none")).models());
    }

    @Test
    void findsOnlyWhatIsComplete() throws IOException {
        assertEquals(Optional.of(cache.snapshot(MODEL, NEW)), cache.find(MODEL));
        assertEquals(Optional.empty(), cache.find(new HubModel("org/name", "v1")));

        Files.delete(cache.snapshot(MODEL, NEW).resolve("model.safetensors").toRealPath());
        assertEquals(Optional.empty(), cache.find(MODEL));
        assertTrue(cache.find(new HubModel("org/name", OLD)).isPresent());
    }

    @Test
    void findsAShardedModelOnlyWithAllItsShards() throws IOException {
        Path snapshot = cache.snapshot(MODEL, NEW);
        Files.delete(snapshot.resolve("model.safetensors"));
        link(NEW, "model.safetensors.index.json", "{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");
        link(NEW, "1.safetensors", "one");
        assertEquals(Optional.empty(), cache.find(MODEL));

        link(NEW, "2.safetensors", "two");
        assertEquals(Optional.of(snapshot), cache.find(MODEL));
    }

    @Test
    void removesARevisionAndKeepsWhatAnotherLinksTo() throws IOException {
        CachedModel model = cache.models().get(0);
        CacheRemoval removal = CacheRemoval.of(model, model.revisions().subList(0, 1));
        assertEquals(51, removal.bytes());

        removal.run();
        assertTrue(cache.find(MODEL).isPresent());
        assertFalse(Files.exists(cache.snapshot(MODEL, OLD)));
        assertFalse(Files.exists(folder.resolve("refs/refs/pr/1")));
        assertFalse(Files.exists(folder.resolve("blobs").resolve(hash("weights of " + OLD))));
    }

    @Test
    void removesARepositoryWithWhatWasNeverFinishedAndNothingOutsideOfIt(@TempDir Path elsewhere) throws IOException {
        Files.writeString(folder.resolve("blobs").resolve("x.stratalens.incomplete"), "half");
        Path shared = Files.writeString(elsewhere.resolve("shared"), "shared");
        Files.createSymbolicLink(cache.snapshot(MODEL, NEW).resolve("merges.txt"), shared);
        CachedModel model = cache.models().get(0);

        CacheRemoval.of(model, model.revisions()).run();
        assertFalse(Files.exists(folder));
        assertTrue(Files.exists(shared));
    }

    @Test
    void checksFilesAgainstTheHashThatTheyAreNamedBy() throws IOException {
        Path snapshot = cache.snapshot(MODEL, NEW);
        Files.writeString(snapshot.resolve("config.json").toRealPath(), "??");
        Files.writeString(snapshot.resolve("notes.txt"), "mine");

        Map<String, State> states =
                FileCheck.all(snapshot).stream().collect(Collectors.toMap(FileCheck::file, FileCheck::state));
        assertEquals(
                Map.of(
                        "config.json", State.DAMAGED,
                        "tokenizer.json", State.INTACT,
                        "model.safetensors", State.INTACT,
                        "notes.txt", State.UNCHECKED),
                states);
    }

    private void link(String commit, String file, String content) throws IOException {
        Path blob = folder.resolve("blobs").resolve(hash(content));
        Files.writeString(blob, content);
        HubCache.link(cache.snapshot(MODEL, commit), file, blob);
    }

    /** As the hub: by git for small files. */
    private static String hash(String content) {
        byte[] bytes = FakeHub.text(content);
        return content.startsWith("weights") ? Hashes.sha256(bytes) : Hashes.git(bytes);
    }
}
