package dev.stratalens.client.error;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that failed. The message says what was given, what is allowed and what to do. */
public final class LensException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final transient @Nullable ErrorDetail detail;
    private final @Nullable Duration retryAfter;

    /** An error without typed detail or cause. */
    public LensException(ErrorCode code, String message) {
        this(code, message, null, null);
    }

    /**
     * An error.
     *
     * @param detail the typed detail, if there is one
     * @param cause what it was noticed by, if there is one
     */
    public LensException(ErrorCode code, String message, @Nullable ErrorDetail detail, @Nullable Throwable cause) {
        this(code, message, detail, null, cause);
    }

    /**
     * An error that says when to try again.
     *
     * @param detail the typed detail, if there is one
     * @param retryAfter after how long the same request may succeed, if the server said so
     * @param cause what it was noticed by, if there is one
     */
    public LensException(
            ErrorCode code,
            String message,
            @Nullable ErrorDetail detail,
            @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.detail = detail;
        this.retryAfter = retryAfter;
    }

    /** What went wrong. */
    public ErrorCode code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean isRetryable() {
        boolean neverFits =
                detail instanceof ErrorDetail.ModelMemoryExceeded memory && memory.neededBytes() > memory.budgetBytes();
        return retryAfter != null || (code.isRetryable() && !neverFits);
    }

    /** After how long the same request may succeed; empty where the server did not say. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The typed detail, where the server sent one. */
    public Optional<ErrorDetail> detail() {
        return Optional.ofNullable(detail);
    }
}
