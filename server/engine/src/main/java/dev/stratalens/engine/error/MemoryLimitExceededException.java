package dev.stratalens.engine.error;

/** One request needs more memory than the server grants. */
public final class MemoryLimitExceededException extends LensFailure {

    private final long neededBytes;
    private final long limitBytes;

    public MemoryLimitExceededException(long neededBytes, long limitBytes) {
        super(
                ("The request needs %,d bytes of memory; %,d are granted per request. Ask for fewer layers or positions, or"
                                + " give a shorter prompt. The operator of a server grants more with max-request-memory.")
                        .formatted(neededBytes, limitBytes));
        this.neededBytes = neededBytes;
        this.limitBytes = limitBytes;
    }

    public long neededBytes() {
        return neededBytes;
    }

    public long limitBytes() {
        return limitBytes;
    }
}
