package dev.stratalens.cli.explore.form;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.TokenSampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How the model writes on.
 *
 * @param maxTokens largest number of tokens that it chooses; 0 = the default
 * @param temperature at which tokens are drawn; 0 = always the best token
 * @param seed of the random numbers, as a text, since it may have more digits than a number of the page; absent = one that the server chooses
 * @param forced ids of the tokens to begin with
 * @param then text that is written after them, whatever the model would choose
 * @param ignoreEnd whether tokens that end a text are tokens like any other, as where a text goes on that the model had ended
 */
public record WritingForm(
        int maxTokens,
        double temperature,
        @Nullable String seed,
        @Nullable List<Integer> forced,
        @Nullable String then,
        boolean ignoreEnd) {

    private static final int DEFAULT_MAX_TOKENS = 32;

    /** Whether a text follows the forced tokens, whose ids must be asked for. */
    public boolean hasText() {
        return then != null && !then.isEmpty();
    }

    /** The same, with that text as ids. */
    public WritingForm withIds(List<Integer> textIds) {
        List<Integer> all = new ArrayList<>(Objects.requireNonNullElse(forced, List.of()));
        all.addAll(textIds);
        return new WritingForm(maxTokens, temperature, seed, all, null, ignoreEnd);
    }

    /**
     * The options, once the text is known as ids.
     *
     * @throws IllegalArgumentException if a part is out of range
     * @throws CliException if the seed is no number, even where nothing is drawn
     */
    public GenerateOptions options() {
        if (hasText()) {
            throw new IllegalStateException("the text after the forced tokens is not known as ids");
        }
        List<Integer> ids = Objects.requireNonNullElse(forced, List.of());
        GenerateOptions.Builder options = GenerateOptions.builder()
                .forced(ids.stream().mapToInt(Integer::intValue).toArray())
                .ignoreEndTokens(ignoreEnd)
                .maxTokens(ids.size() + (maxTokens == 0 ? DEFAULT_MAX_TOKENS : maxTokens));
        OptionalLong random = seed == null ? OptionalLong.empty() : OptionalLong.of(number(seed));
        if (temperature != 0) {
            TokenSampling.Builder sampling = TokenSampling.builder().temperature(temperature);
            random.ifPresent(sampling::seed);
            options.sampling(sampling.build());
        }
        return options.build();
    }

    private static long number(String seed) {
        try {
            return Long.parseLong(seed);
        } catch (NumberFormatException e) {
            throw CliException.usage(
                    "--seed: \"%s\" is no whole number of 64 bits; give one, or leave it out.".formatted(seed));
        }
    }
}
