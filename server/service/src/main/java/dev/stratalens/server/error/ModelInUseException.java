package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** A model cannot be unloaded now. */
public final class ModelInUseException extends LensFailure {

    private final String model;
    private final int requests;

    /** @param requests that hold it; 0 where it is still being loaded */
    public ModelInUseException(String model, int requests) {
        super("Model \"%s\" %s. Unload it later, or give it more time to become free."
                .formatted(
                        model,
                        requests == 0
                                ? "is being loaded"
                                : requests == 1 ? "is in use by 1 request" : "is in use by " + requests + " requests"));
        this.model = model;
        this.requests = requests;
    }

    public String model() {
        return model;
    }

    public int requests() {
        return requests;
    }
}
