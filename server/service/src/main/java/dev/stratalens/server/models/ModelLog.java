package dev.stratalens.server.models;

import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.server.error.ServerStoppingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when a model comes into memory, when it leaves, and why it cannot be loaded. */
public final class ModelLog {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLog.class);

    private final NamedModel model;
    private long loadingSince;
    private boolean waits;
    private boolean told;
    private boolean loaded;

    private ModelLog(NamedModel model) {
        this.model = model;
    }

    /** Follows a model from now on. */
    public static void follow(NamedModel model) {
        model.observe(new ModelLog(model)::becomes);
    }

    /** One at a time, in order. */
    private void becomes(ServingState state) {
        if (state instanceof ServingState.Loading now) {
            loads(now);
        } else if (state instanceof ServingState.Ready && !loaded) {
            LOG.info(
                    "Loaded model {} in {} ms: {} bytes of memory",
                    model.name(),
                    (System.nanoTime() - loadingSince) / 1_000_000,
                    model.memoryBytes());
        } else if (state instanceof ServingState.NotLoaded && loaded) {
            LOG.info("Unloaded model {}", model.name());
        } else if (state instanceof ServingState.Failed failed
                && !(failed.failure() instanceof ServerStoppingException)) {
            tell(failed.failure());
        }
        waits &= state instanceof ServingState.Loading;
        told &= state instanceof ServingState.Loading;
        loaded = state instanceof ServingState.Ready || (loaded && state instanceof ServingState.Unloading);
    }

    private void loads(ServingState.Loading now) {
        if (!waits || now.step() == ServingState.Loading.Step.QUEUED) {
            loadingSince = System.nanoTime();
            waits = true;
        } else if (!told && now.total() > 0) {
            LOG.info("Loading model {}", model.name());
            told = true;
        }
    }

    private void tell(Throwable failure) {
        if (failure instanceof LensFailure known) {
            LOG.warn("Model {} cannot be loaded: {}", model.name(), known.getMessage());
        } else {
            LOG.error("Model {} cannot be loaded: a fault of the server", model.name(), failure);
        }
    }
}
