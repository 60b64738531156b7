package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** Too many requests wait for the model. */
public final class QueueFullException extends LensFailure {

    private final String model;
    private final int capacity;

    public QueueFullException(String model, int capacity) {
        super("%d requests wait for model \"%s\" already, the most that may. Try again later."
                .formatted(capacity, model));
        this.model = model;
        this.capacity = capacity;
    }

    public String model() {
        return model;
    }

    public int capacity() {
        return capacity;
    }
}
