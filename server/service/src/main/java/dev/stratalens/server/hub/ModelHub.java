package dev.stratalens.server.hub;

import dev.stratalens.engine.error.FileFault;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Models of the Hugging Face hub, by way of the user's cache. Thread-safe. */
public final class ModelHub {

    private final HubSettings settings;
    private final RetryPolicy retries;
    private final HubCache cache;

    ModelHub(HubSettings settings, RetryPolicy retries) {
        this.settings = settings;
        this.retries = retries;
        this.cache = new HubCache(settings.cache());
    }

    /** A hub with its cache. */
    public static ModelHub of(HubSettings settings) {
        return new ModelHub(settings, RetryPolicy.standard());
    }

    /**
     * The hub and the cache that the environment names.
     *
     * @param environment every variable of the process
     * @throws ModelSourceException if a variable cannot be used
     */
    public static ModelHub of(Map<String, String> environment) {
        try {
            return of(HubSettings.of(environment, Path.of(System.getProperty("user.home"))));
        } catch (IllegalArgumentException e) {
            throw new ModelSourceException(Problem.UNREACHABLE, String.valueOf(e.getMessage()));
        }
    }

    /** What is on this machine. */
    public HubCache cache() {
        return cache;
    }

    /**
     * The directory of a model: from the cache if all of it is there, without asking the network; else what is missing is
     * downloaded.
     *
     * @throws ModelSourceException if it is not here and cannot be downloaded
     * @throws LensCanceledException if the thread is interrupted
     */
    public Path locate(HubModel model, DownloadListener listener) {
        return cache.find(model).orElseGet(() -> pull(model, listener));
    }

    /**
     * The file or the directory of a lens: from the cache if it is there, without asking the network; else it is downloaded.
     *
     * @throws ModelSourceException if it is not here and cannot be downloaded
     * @throws LensCanceledException if the thread is interrupted
     */
    public Path locate(HubLens lens, DownloadListener listener) {
        return cache.find(lens).orElseGet(() -> pull(lens, listener));
    }

    /**
     * The same, but the hub is asked what the revision means today.
     *
     * @throws ModelSourceException if the hub cannot be asked, or refuses
     * @throws LensCanceledException if the thread is interrupted
     */
    public Path pull(HubLens lens, DownloadListener listener) {
        return downloaded(lens.repository(), "stratalens lens pull " + lens, listener, download -> download.run(lens));
    }

    /**
     * As {@link #locate}, but the hub is asked what the revision means today.
     *
     * @throws ModelSourceException if the hub cannot be asked, or refuses
     * @throws LensCanceledException if the thread is interrupted
     */
    public Path pull(HubModel model, DownloadListener listener) {
        return downloaded(model, "stratalens models pull " + model, listener, HubDownload::run);
    }

    /** What a download brings. */
    @FunctionalInterface
    private interface Wanted {
        Path of(HubDownload download) throws IOException, InterruptedException;
    }

    /** @param command that fetches the same */
    private Path downloaded(HubModel model, String command, DownloadListener listener, Wanted wanted) {
        if (settings.offline()) {
            throw new ModelSourceException(
                    Problem.NOT_CACHED,
                    "%s is not complete in the cache, and HF_HUB_OFFLINE forbids the network. Unset it, or fetch it first: %s."
                            .formatted(model, command));
        }
        try {
            HubApi api = new HubApi(settings, retries);
            return wanted.of(new HubDownload(model, cache, api, retries, listener));
        } catch (IOException e) {
            throw new ModelSourceException(
                    Problem.STORAGE,
                    "%s cannot be written to the cache (%s). Check its permissions and the disk, or set HF_HOME to another directory."
                            .formatted(model, FileFault.words(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LensCanceledException();
        }
    }
}
