package dev.stratalens.engine.error;

/** Thrown if a prompt has more tokens than fit in the model's context. */
public final class PromptTooLongException extends LensFailure {

    private final int tokenCount;
    private final int limit;

    public PromptTooLongException(int tokenCount, int limit) {
        super("The prompt has %d tokens; the model reads at most %d. Shorten it.".formatted(tokenCount, limit));
        this.tokenCount = tokenCount;
        this.limit = limit;
    }

    public int tokenCount() {
        return tokenCount;
    }

    public int limit() {
        return limit;
    }
}
