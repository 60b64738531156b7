package dev.stratalens.engine.lens.generation;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.generation.RequestedGeneration.EndTokenRule;
import dev.stratalens.engine.lens.generation.RequestedGeneration.RequestedSampling;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.model.ModelDescription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Checks a generation against a model and its prompt. */
public final class GenerationPlanner {

    private GenerationPlanner() {}

    /**
     * Plans a generation.
     *
     * @param prompt the plan of its prompt
     * @param endTokens of the model
     * @throws InvalidFieldException with the field as in the proto
     */
    public static GenerationPlan plan(
            RequestedGeneration request, LensPlan prompt, ModelDescription model, Set<Integer> endTokens) {
        if (!prompt.attributed().isEmpty()) {
            throw InvalidFieldException.of(
                    "attribution",
                    Problem.NOT_AVAILABLE,
                    "attribution",
                    "Ask for the attribution of prompt and generated text as one prompt.");
        }
        if (prompt.interventions().effect().isPresent()) {
            throw InvalidFieldException.of(
                    "effect",
                    Problem.NOT_AVAILABLE,
                    "effect",
                    "Ask for the effect of the interventions on prompt and generated text as one prompt.");
        }
        int maxTokens = maxTokens(request.maxTokens(), model.contextLength() - prompt.tokenIds().length);
        return new GenerationPlan(
                maxTokens,
                request.sampling().map(sampling -> sampling(sampling, model.vocabularySize())),
                forced(request.forced(), maxTokens, model.vocabularySize()),
                stopTexts(request.stopTexts()),
                request.endTokens() == EndTokenRule.STOP ? endTokens : Set.of());
    }

    private static int maxTokens(OptionalInt asked, int room) {
        int tokens = asked.orElse(Math.min(GenerationPlan.DEFAULT_TOKENS, Math.max(1, room)));
        if (tokens < 1 || tokens > room) {
            throw InvalidFieldException.outOfRange(
                    "options.max_tokens",
                    tokens,
                    1,
                    room,
                    "Prompt and generated tokens together must fit in the model's context; shorten either.");
        }
        return tokens;
    }

    private static Sampling sampling(RequestedSampling asked, int vocabulary) {
        double temperature = positive("options.sampling.temperature", asked.temperature(), Sampling.MAX_TEMPERATURE);
        double topP = positive("options.sampling.top_p", asked.topP(), 1);
        int topK = asked.topK().orElse(vocabulary);
        if (topK < 1 || topK > vocabulary) {
            throw InvalidFieldException.outOfRange(
                    "options.sampling.top_k", topK, 1, vocabulary, "Leave it out to keep all tokens.");
        }
        long seed = asked.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong());
        return new Sampling(temperature, topK, topP, seed);
    }

    private static double positive(String field, OptionalDouble asked, double most) {
        double value = asked.orElse(1);
        // This form also refuses NaN.
        if (!(value > 0 && value <= most)) {
            throw InvalidFieldException.of(
                    field,
                    Problem.OUT_OF_RANGE,
                    Double.toString(value),
                    "Give a number above 0, at most %s. To always take the best token, leave out the sampling."
                            .formatted((int) most));
        }
        return value;
    }

    private static List<Integer> forced(List<Integer> ids, int maxTokens, int vocabulary) {
        if (ids.size() > maxTokens) {
            throw InvalidFieldException.tooMany(
                    "options.forced.ids", ids.size(), maxTokens, "Raise max_tokens, or force fewer tokens.");
        }
        for (int i = 0; i < ids.size(); i++) {
            if (ids.get(i) < 0 || ids.get(i) >= vocabulary) {
                throw InvalidFieldException.outOfRange(
                        "options.forced.ids[%d]".formatted(i),
                        ids.get(i),
                        0,
                        vocabulary - 1,
                        "Use ids of this model's own vocabulary.");
            }
        }
        return ids;
    }

    private static List<String> stopTexts(List<String> texts) {
        if (texts.size() > GenerationPlan.MAX_STOP_TEXTS) {
            throw InvalidFieldException.tooMany(
                    "options.stop_texts", texts.size(), GenerationPlan.MAX_STOP_TEXTS, "Give fewer.");
        }
        for (int i = 0; i < texts.size(); i++) {
            int bytes = texts.get(i).getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > GenerationPlan.MAX_STOP_TEXT_BYTES) {
                throw InvalidFieldException.outOfRange(
                        "options.stop_texts[%d]".formatted(i),
                        bytes,
                        1,
                        GenerationPlan.MAX_STOP_TEXT_BYTES,
                        "Its bytes count.");
            }
        }
        return texts;
    }
}
