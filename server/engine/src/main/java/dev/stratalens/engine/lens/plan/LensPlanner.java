package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.TokenizedText;
import dev.stratalens.engine.text.Tokenizer;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/** Holds a request against a model: resolves every index and token, and refuses what the model does not have. */
public final class LensPlanner {

    /** Most targets of a request. */
    public static final int MAX_TARGETS = 32;
    /** Most predictions per cell. */
    public static final int MAX_TOP_K = 100;
    /** Predictions per cell where none are asked for. */
    public static final int DEFAULT_TOP_K = 5;

    private LensPlanner() {}

    /**
     * Plans a request.
     *
     * @throws InvalidFieldException naming the field as the proto does
     * @throws dev.stratalens.engine.error.PromptTooLongException if the prompt has more tokens than the model's context
     */
    public static PlannedRequest plan(LensRequest request, ModelDescription model, Tokenizer tokenizer) {
        // Cheap checks come first, so that a bad request never pays for a long text.
        int topK = topK(request.topK(), model);
        Set<Statistic> statistics = statistics(request.statistics());
        OptionalDouble minimumPeak = minimumPeak(request.minimumPeak());
        int[] layers = layers(request, model);
        List<PlannedTarget> targets = new TargetResolver(model, tokenizer).resolve(request.targets());
        TokenizedText prompt = PromptReader.read(request.prompt(), model, tokenizer);
        int[] positions = IndexSelection.resolve(
                "positions",
                request.positions(),
                prompt.ids().length,
                "Positions count the prompt's tokens from 0; leave out `last` to reach the last one.");
        return new PlannedRequest(
                new LensPlan(
                        prompt.ids(),
                        layers,
                        positions,
                        topK,
                        targets,
                        statistics,
                        request.normalisation(),
                        minimumPeak),
                prompt);
    }

    private static int[] layers(LensRequest request, ModelDescription model) {
        int[] blocks = IndexSelection.resolve(
                "layers",
                request.layers(),
                model.blockCount(),
                "Layers count the blocks from 0; leave out `last` to reach the last one, and ask for the embedding with"
                        + " include_embedding (--embedding).");
        return request.includeEmbedding()
                ? IntStream.concat(IntStream.of(-1), IntStream.of(blocks)).toArray()
                : blocks;
    }

    private static int topK(int asked, ModelDescription model) {
        int maximum = Math.min(MAX_TOP_K, model.vocabularySize());
        if (asked == 0) {
            return Math.min(DEFAULT_TOP_K, maximum);
        }
        if (Integer.compareUnsigned(asked, maximum) > 0) {
            throw InvalidFieldException.outOfRange(
                    "top_k", Integer.toUnsignedLong(asked), 1, maximum, "Name further tokens as targets instead.");
        }
        return asked;
    }

    private static Set<Statistic> statistics(List<Statistic> asked) {
        Set<Statistic> statistics = EnumSet.noneOf(Statistic.class);
        for (int i = 0; i < asked.size(); i++) {
            if (!statistics.add(asked.get(i))) {
                throw InvalidFieldException.of(
                        "statistics[%d]".formatted(i),
                        Problem.DUPLICATE,
                        asked.get(i).name(),
                        "Ask for each statistic once.");
            }
        }
        return statistics;
    }

    private static OptionalDouble minimumPeak(OptionalDouble asked) {
        // Written so that NaN is refused too.
        if (asked.isPresent() && !(asked.getAsDouble() >= 0 && asked.getAsDouble() <= 1)) {
            throw InvalidFieldException.of(
                    "trajectories.min_peak_probability",
                    Problem.OUT_OF_RANGE,
                    Double.toString(asked.getAsDouble()),
                    "Give a probability from 0 to 1; 0 sends all trajectories.");
        }
        return asked;
    }
}
