package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A complete generation. */
@AutoValue
public abstract class GenerationResult {

    GenerationResult() {}

    /** Starts a result; each must be set but the seed. */
    public static Builder builder() {
        return new AutoValue_GenerationResult.Builder().seed(OptionalLong.empty());
    }

    /** What the lenses read, over prompt and generated tokens: as an analysis of both as one prompt. */
    public abstract LensResult reading();

    /** The generated tokens, one or more. */
    public abstract List<GeneratedToken> tokens();

    /** Why it ended. */
    public abstract StopReason stopReason();

    /** Seed of the random numbers; empty if the best token was always taken. */
    public abstract OptionalLong seed();

    /** The generated text. */
    public final String text() {
        return tokens().stream().map(GeneratedToken::text).collect(Collectors.joining());
    }

    /** Collects the values; each method sets what {@link GenerationResult} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder reading(LensResult reading);

        public abstract Builder tokens(List<GeneratedToken> tokens);

        public abstract Builder stopReason(StopReason reason);

        public abstract Builder seed(OptionalLong seed);

        abstract List<GeneratedToken> tokens();

        abstract GenerationResult autoBuild();

        public final GenerationResult build() {
            return tokens(List.copyOf(tokens())).autoBuild();
        }
    }
}
