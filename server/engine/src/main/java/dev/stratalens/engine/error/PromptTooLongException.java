package dev.stratalens.engine.error;

/** Thrown if a prompt has more tokens than fit in the model's context. */
public final class PromptTooLongException extends LensFailure {

    private final int tokenCount;
    private final int limit;

    public PromptTooLongException(int tokenCount, int limit) {
        this(
                tokenCount,
                limit,
                "The prompt has %d tokens; the model reads at most %d. Shorten it.".formatted(tokenCount, limit));
    }

    private PromptTooLongException(int tokenCount, int limit, String message) {
        super(message);
        this.tokenCount = tokenCount;
        this.limit = limit;
    }

    /** Of a text that is so long that its tokens need not be counted. */
    public static PromptTooLongException atLeast(int tokenCount, int limit) {
        return new PromptTooLongException(
                tokenCount,
                limit,
                "The prompt has %d tokens or more; the model reads at most %d. Shorten it."
                        .formatted(tokenCount, limit));
    }

    /** As far as it was counted. */
    public int tokenCount() {
        return tokenCount;
    }

    public int limit() {
        return limit;
    }
}
