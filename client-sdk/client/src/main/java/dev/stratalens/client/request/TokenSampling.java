package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How tokens are drawn: the logits are divided by the temperature, then cut to the best {@link #topK} tokens, then to the fewest best
 * ones whose probabilities add up to {@link #topP}.
 */
@AutoValue
public abstract class TokenSampling {

    private static final double MAX_TEMPERATURE = 100;

    TokenSampling() {}

    /** Starts with temperature 1, all tokens, and a seed that the server chooses. */
    public static Builder builder() {
        return new AutoValue_TokenSampling.Builder().temperature(1).topP(1);
    }

    /** Above 0, at most 100. */
    public abstract double temperature();

    /** Number of tokens, 1 or more; empty = all. */
    public abstract OptionalInt topK();

    /** Sum of probabilities, above 0, at most 1. */
    public abstract double topP();

    /** Seed of the random numbers; empty = one that the server chooses and reports. */
    public abstract OptionalLong seed();

    /** Collects the values; each method sets what {@link TokenSampling} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder temperature(double temperature);

        public abstract Builder topK(int tokens);

        public abstract Builder topP(double sum);

        public abstract Builder seed(long seed);

        abstract TokenSampling autoBuild();

        /**
         * The sampling.
         *
         * @throws IllegalArgumentException if a part is out of range, as far as that is known without the model
         */
        public final TokenSampling build() {
            TokenSampling made = autoBuild();
            // These forms also refuse NaN.
            if (!(made.temperature() > 0 && made.temperature() <= MAX_TEMPERATURE)) {
                throw new IllegalArgumentException("temperature " + made.temperature() + " is not above 0 and at most "
                        + (int) MAX_TEMPERATURE + "; without a sampling, the best token is taken");
            }
            if (!(made.topP() > 0 && made.topP() <= 1)) {
                throw new IllegalArgumentException("topP " + made.topP() + " is not above 0 and at most 1");
            }
            if (made.topK().orElse(1) < 1) {
                throw new IllegalArgumentException("topK " + made.topK().getAsInt() + " is below 1");
            }
            return made;
        }
    }
}
