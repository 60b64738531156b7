package dev.stratalens.server.hub;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import dev.stratalens.server.hub.HubApi.Listing;
import dev.stratalens.server.hub.HubApi.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/** Brings one model into the cache: what is missing, and nothing else. Used once. */
final class HubDownload {

    private final HubModel model;
    private final HubCache cache;
    private final HubApi api;
    private final RetryPolicy retries;
    private final ProgressCounter progress;

    HubDownload(HubModel model, HubCache cache, HubApi api, RetryPolicy retries, DownloadListener listener) {
        this.model = model;
        this.cache = cache;
        this.api = api;
        this.retries = retries;
        this.progress = new ProgressCounter(listener);
    }

    /** The directory of the snapshot, complete. */
    Path run() throws IOException, InterruptedException {
        Listing listing = api.list(model);
        Path snapshot = cache.snapshot(model, listing.commit());
        List<String> first = ModelFiles.first(model, listing.files());
        cache.prepare(model, snapshot);
        fetch(listing.commit(), snapshot, first);
        fetch(listing.commit(), snapshot, ModelFiles.shards(model, snapshot));
        cache.point(model, listing.commit());
        return snapshot;
    }

    /** The file or the directory of a lens in the repository. */
    Path run(HubLens lens) throws IOException, InterruptedException {
        Listing listing = api.list(model);
        Path snapshot = cache.snapshot(model, listing.commit());
        List<String> files = lens.files(listing.files());
        cache.prepare(model, snapshot);
        fetch(listing.commit(), snapshot, files);
        cache.point(model, listing.commit());
        return snapshot.resolve(lens.path());
    }

    private void fetch(String commit, Path snapshot, List<String> names) throws IOException, InterruptedException {
        List<Callable<RemoteFile>> questions = new ArrayList<>();
        for (String name : names) {
            // A commit does not change: what it links to need not be asked for again.
            if (!Files.exists(snapshot.resolve(name))) {
                questions.add(() -> api.describe(model, commit, name));
            }
        }
        List<RemoteFile> missing = ParallelTasks.run(questions);
        Map<Path, RemoteFile> blobs = new TreeMap<>();
        missing.forEach(file -> blobs.put(cache.blob(model, file.hash()), file));
        blobs.keySet().removeIf(Files::exists);
        requireRoom(blobs);
        fetch(blobs);
        for (RemoteFile file : missing) {
            HubCache.link(snapshot, file.name(), cache.blob(model, file.hash()));
        }
    }

    private void fetch(Map<Path, RemoteFile> blobs) throws IOException, InterruptedException {
        BlobDownload download = new BlobDownload(model, api, retries);
        List<Callable<RemoteFile>> tasks = new ArrayList<>();
        blobs.forEach((blob, file) -> {
            progress.expect(file.size());
            tasks.add(() -> {
                BlobLock.holding(
                        cache.lock(model, file.hash()),
                        () -> download.fetch(file, blob, bytes -> progress.arrived(file.name(), bytes)));
                progress.completed(file.name());
                return file;
            });
        });
        ParallelTasks.run(tasks);
    }

    private void requireRoom(Map<Path, RemoteFile> blobs) throws IOException {
        long needed = 0;
        for (Map.Entry<Path, RemoteFile> entry : blobs.entrySet()) {
            Path partial = BlobDownload.partial(entry.getKey());
            needed += Math.max(0, entry.getValue().size() - (Files.exists(partial) ? Files.size(partial) : 0));
        }
        long free = Files.getFileStore(cache.folder(model)).getUsableSpace();
        if (needed > free) {
            throw new ModelSourceException(
                    Problem.STORAGE,
                    "%s needs %,d MB more on the disk of the cache, which has %,d MB free. Make room, or set HF_HOME to a larger disk."
                            .formatted(model, needed / 1_000_000, free / 1_000_000));
        }
    }
}
