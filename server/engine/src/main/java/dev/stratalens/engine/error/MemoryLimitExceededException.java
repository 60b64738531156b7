package dev.stratalens.engine.error;

/** Thrown if a request needs more memory than one request may take. */
public final class MemoryLimitExceededException extends LensFailure {

    private final long neededBytes;
    private final long limitBytes;

    public MemoryLimitExceededException(long neededBytes, long limitBytes) {
        this(
                neededBytes,
                limitBytes,
                ("The request needs %,d bytes of memory; a request may take %,d. Ask for fewer layers or positions, or"
                                + " give a shorter prompt. The operator of a server can raise max-request-memory.")
                        .formatted(neededBytes, limitBytes));
    }

    private MemoryLimitExceededException(long neededBytes, long limitBytes, String message) {
        super(message);
        this.neededBytes = neededBytes;
        this.limitBytes = limitBytes;
    }

    /** Of a text that takes too much of the Java heap while it is read. */
    public static MemoryLimitExceededException ofText(long neededBytes, long limitBytes) {
        return new MemoryLimitExceededException(
                neededBytes,
                limitBytes,
                ("Reading the text needs up to %,d bytes of memory; it may take %,d. Give a shorter text. The operator of"
                                + " a server can give it more Java heap (-Xmx).")
                        .formatted(neededBytes, limitBytes));
    }

    /** Of messages that clients have begun to send, too large together. */
    public static MemoryLimitExceededException ofUnfinishedMessages(long neededBytes, long limitBytes) {
        return new MemoryLimitExceededException(
                neededBytes,
                limitBytes,
                ("Messages on their way to the server take %,d bytes of memory; together they may take %,d. This call has"
                                + " waited longest for the rest of its message. Send messages without a pause, and fewer at"
                                + " a time.")
                        .formatted(neededBytes, limitBytes));
    }

    public long neededBytes() {
        return neededBytes;
    }

    public long limitBytes() {
        return limitBytes;
    }
}
