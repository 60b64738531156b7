package dev.stratalens.engine.error;

/** Thrown if a request needs more memory than one request may take. */
public final class MemoryLimitExceededException extends LensFailure {

    private final long neededBytes;
    private final long limitBytes;

    public MemoryLimitExceededException(long neededBytes, long limitBytes) {
        super(("The request needs %,d bytes of memory; a request may take %,d. Ask for fewer layers or positions, or"
                        + " give a shorter prompt. The operator of a server can raise max-request-memory.")
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
