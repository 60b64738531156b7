package dev.stratalens.server.hub;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.io.IOException;
import java.nio.file.FileSystemException;
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
     * As {@link #locate}, but the hub is asked what the revision means today.
     *
     * @throws ModelSourceException if the hub cannot be asked, or refuses
     * @throws LensCanceledException if the thread is interrupted
     */
    public Path pull(HubModel model, DownloadListener listener) {
        if (settings.offline()) {
            throw new ModelSourceException(
                    Problem.NOT_CACHED,
                    "%s is not complete in the cache, and HF_HUB_OFFLINE forbids the network. Unset it, or fetch the model first: stratalens models pull %s."
                            .formatted(model, model));
        }
        try {
            HubApi api = new HubApi(settings, retries);
            return new HubDownload(model, cache, api, retries, listener).run();
        } catch (IOException e) {
            throw new ModelSourceException(
                    Problem.STORAGE,
                    "%s cannot be written to the cache (%s). Check its permissions and the disk, or set HF_HOME to another directory."
                            .formatted(model, reason(e)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LensCanceledException();
        }
    }

    /** No path: the message may go to a caller far away. What the system says of a write, such as that the disk is full, has none. */
    private static String reason(IOException failure) {
        String name = failure.getClass().getSimpleName();
        String reason = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        return reason == null ? name : name + ": " + reason;
    }
}
