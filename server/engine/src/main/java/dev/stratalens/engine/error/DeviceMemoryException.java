package dev.stratalens.engine.error;

/** Thrown if a device ran out of memory during a request. The next request may have room. */
public final class DeviceMemoryException extends LensFailure {

    private final long neededBytes;
    private final long freeBytes;

    /**
     * A piece of memory that a device did not have.
     *
     * @param device its name
     * @param neededBytes of the piece; 0 if unknown
     * @param freeBytes of the device then; 0 if unknown
     */
    public DeviceMemoryException(String device, long neededBytes, long freeBytes) {
        super(("%s ran out of memory%s. Ask for fewer layers or positions, or give a"
                        + " shorter prompt. The operator of a server can lower max-request-memory, or load fewer models.")
                .formatted(device, neededBytes == 0 ? "" : numbers(neededBytes, freeBytes)));
        this.neededBytes = neededBytes;
        this.freeBytes = freeBytes;
    }

    private static String numbers(long neededBytes, long freeBytes) {
        return ": a piece of %,d bytes was needed, %,d were free".formatted(neededBytes, freeBytes);
    }

    public long neededBytes() {
        return neededBytes;
    }

    public long freeBytes() {
        return freeBytes;
    }
}
