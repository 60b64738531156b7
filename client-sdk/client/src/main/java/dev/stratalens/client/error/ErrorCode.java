package dev.stratalens.client.error;

/** What went wrong, for programs. More codes may be added: keep a branch for others. */
public enum ErrorCode {
    /** No served model has the name. */
    UNKNOWN_MODEL,
    /** The checkpoint's family is not known to the server. */
    UNSUPPORTED_ARCHITECTURE,
    /** The contract has room for what was asked, but this server does not compute it; ask without it. */
    NOT_AVAILABLE,
    /** The model's files could not be fetched; see the detail, and retry if it is retryable. */
    MODEL_SOURCE,
    /** The model's files cannot be used; its directory must be repaired. */
    INVALID_CHECKPOINT,
    /** The server refuses the request as it is; change it. */
    INVALID_REQUEST,
    /** The prompt has more tokens than the model's context. */
    PROMPT_TOO_LONG,
    /** The request needs more memory than the server grants; ask for fewer layers or positions. */
    MEMORY_LIMIT,
    /**
     * The model is not loaded and does not fit into the server's memory beside those in use; retry with back-off, unless
     * the detail says that it is larger than all of that memory.
     */
    MODEL_MEMORY,
    /** The model cannot be unloaded while requests hold it; retry later or wait longer. */
    MODEL_IN_USE,
    /** The server, or a proxy before it, wants a key, or another one than it got. */
    UNAUTHENTICATED,
    /** The server, or a proxy before it, does not let its callers do this. */
    NOT_ALLOWED,
    /** Too many requests wait; retry with back-off. */
    QUEUE_FULL,
    /** Too many requests are ahead for the answer to come within the timeout; nothing was computed. Retry, or allow more time. */
    DEADLINE_TOO_SHORT,
    /** The caller used up one of its limits, or asks for more; the detail says which, and {@link LensException#retryAfter} when to come again. */
    QUOTA_EXCEEDED,
    /** The stream was not read for longer in total than the server waits. */
    READER_TOO_SLOW,
    /**
     * A limit was passed that is none of the above: of a proxy, of gRPC itself, or of a newer server; the message says which.
     */
    LIMIT_EXCEEDED,
    /** Refused for a reason that this client does not know; the message says it. */
    REFUSED,
    /** The server cannot be reached or is stopping; retry, against another replica if there is one. */
    UNAVAILABLE,
    /**
     * The timeout passed. Not retryable: the server has given the work up, and the same request within the same time would most
     * likely end alike. Give it more time, or ask for less.
     */
    DEADLINE_EXCEEDED,
    /** The call was canceled: closed, interrupted, or its future canceled. */
    CANCELLED,
    /** What came contradicts the protocol or ended before it was complete; never a short result. */
    BROKEN_STREAM,
    /** A fault of the server or of a proxy; the message of a server carries an id that its log repeats. */
    INTERNAL;

    /** Whether the same request may succeed later; see {@link LensException#isRetryable}, which knows more. */
    public boolean isRetryable() {
        return switch (this) {
            case QUEUE_FULL, DEADLINE_TOO_SHORT, UNAVAILABLE, MODEL_MEMORY, MODEL_IN_USE -> true;
            default -> false;
        };
    }
}
