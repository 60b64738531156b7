package dev.stratalens.engine.error;

/** Thrown if the devices that a model may use have no room for it. The message has the numbers, and what helps. */
public final class ModelTooLargeException extends LensFailure {

    private final long neededBytes;
    private final long freeBytes;

    /**
     * A model and its devices.
     *
     * @param neededBytes of its parts and of a request
     * @param freeBytes of all devices together
     */
    public ModelTooLargeException(String message, long neededBytes, long freeBytes) {
        super(message);
        this.neededBytes = neededBytes;
        this.freeBytes = freeBytes;
    }

    public long neededBytes() {
        return neededBytes;
    }

    public long freeBytes() {
        return freeBytes;
    }
}
