package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.internal.argument.WholeText;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** How tokens are chosen, and when a generation ends. Immutable. */
@AutoValue
public abstract class GenerateOptions {

    private static final int MAX_STOP_TEXTS = 16;

    GenerateOptions() {}

    /** Always the best token, at most 64 of them, until one ends the text. */
    public static GenerateOptions defaults() {
        return builder().build();
    }

    /** Starts with {@link #defaults}. */
    public static Builder builder() {
        return new AutoValue_GenerateOptions.Builder()
                .forced(List.of())
                .stopTexts(List.of())
                .ignoreEndTokens(false);
    }

    /** Largest number of tokens; empty = 64, or as many as fit in the model's context. */
    public abstract OptionalInt maxTokens();

    /** How tokens are drawn; empty = always the best one, of equal ones that with the lowest id. */
    public abstract Optional<TokenSampling> sampling();

    /** Ids of tokens to begin with, whatever the model would choose. */
    public abstract List<Integer> forced();

    /** Texts that end the generation once the generated text contains one; at most 16. */
    public abstract List<String> stopTexts();

    /** Whether tokens that end a text are tokens like any other. */
    public abstract boolean ignoreEndTokens();

    /** Collects the values; each method sets what {@link GenerateOptions} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder forced(List<Integer> ids);

        abstract Builder stopTexts(List<String> texts);

        abstract GenerateOptions autoBuild();

        public abstract Builder maxTokens(int tokens);

        public abstract Builder sampling(TokenSampling sampling);

        /** Ids of tokens to begin with. Replaces earlier ones. */
        public final Builder forced(int... ids) {
            return forced(Arrays.stream(ids).boxed().toList());
        }

        /** Texts that end the generation. Replaces earlier ones. */
        public final Builder stopTexts(String... texts) {
            return stopTexts(List.of(texts));
        }

        public abstract Builder ignoreEndTokens(boolean ignore);

        /**
         * The options.
         *
         * @throws IllegalArgumentException if a part is out of range, as far as that is known without the model
         */
        public final GenerateOptions build() {
            GenerateOptions options = autoBuild();
            if (options.maxTokens().orElse(1) < 1) {
                throw new IllegalArgumentException(
                        "maxTokens " + options.maxTokens().getAsInt() + " is below 1");
            }
            if (options.stopTexts().size() > MAX_STOP_TEXTS) {
                throw new IllegalArgumentException(
                        options.stopTexts().size() + " stop texts; at most " + MAX_STOP_TEXTS + " are allowed");
            }
            for (String stop : options.stopTexts()) {
                if (WholeText.require("stopTexts", stop).isEmpty()) {
                    throw new IllegalArgumentException("an empty stop text would end every generation");
                }
            }
            return options;
        }
    }
}
