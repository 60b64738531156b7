package dev.stratalens.server.models;

import dev.stratalens.engine.lens.LensEngine;
import java.util.function.Consumer;

/** Waits for models as a short request does, which lets go of them when it has been served. */
public final class Loaded {

    private Loaded() {}

    /** Serves once the model is loaded; a failure to load is heard of by nobody. */
    public static void await(NamedModel model, Consumer<LensEngine> served) {
        await(model, served, failure -> {});
    }

    /** Serves once the model is loaded, or hears why it is not. */
    public static void await(NamedModel model, Consumer<LensEngine> served, Consumer<Throwable> failed) {
        Runnable unused = model.whenLoaded(
                lease -> {
                    try (lease) {
                        served.accept(lease.engine());
                    }
                },
                failed);
    }
}
