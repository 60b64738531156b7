package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.util.OptionalInt;

/** A generated token. */
@AutoValue
public abstract class GeneratedToken {

    GeneratedToken() {}

    /** Starts a token; each must be set. */
    public static Builder builder() {
        return new AutoValue_GeneratedToken.Builder().settledFrom(OptionalInt.empty());
    }

    /** Index of the token, from the first token of the prompt. */
    public abstract int position();

    /** The vocabulary entry. */
    public abstract Token token();

    /** Natural log-probability that the model gave it, before temperature and cuts. */
    public abstract float logProb();

    /**
     * The first asked block from which on the first lens had it as its best at every block, at the position before; empty if it
     * never did.
     */
    public abstract OptionalInt settledFrom();

    /** Whether the request gave it. */
    public abstract boolean forced();

    /** The text that it completes: empty if it ends in the middle of a character, and for a token that ends the generation. */
    public abstract String text();

    /** Collects the values; each method sets what {@link GeneratedToken} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder position(int position);

        public abstract Builder token(Token token);

        public abstract Builder logProb(float logProb);

        public abstract Builder settledFrom(OptionalInt layer);

        public abstract Builder forced(boolean forced);

        public abstract Builder text(String text);

        public abstract GeneratedToken build();
    }
}
