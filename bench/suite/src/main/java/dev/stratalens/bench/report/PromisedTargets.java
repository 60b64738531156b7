package dev.stratalens.bench.report;

import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the product promises, for the model and machine that it is promised for: SmolLM2-135M's shape on 2 cores. */
public final class PromisedTargets {

    private static final int CORES = 2;

    private static final int[] PEER_LENGTHS = {5, 16, 64, 256, 512, 1024};
    private static final double[] PEER_FLOAT32 = {5, 2.8, 1.7, 1.35, 1.75, 2.3};
    private static final double[] PEER_BFLOAT16 = {4, 2.8, 1.8, 1.75, 1.6, 2.2};

    private static final long SMALL_MODEL = 50_000_000;
    private static final long MIDDLE_MODEL = 200_000_000;

    private final boolean cores;
    private final Map<String, Target> byQuantity = new HashMap<>();

    private PromisedTargets(boolean cores) {
        this.cores = cores;
    }

    /**
     * The targets of a model.
     *
     * @param cores that the measured processes may use
     */
    public static PromisedTargets of(ModelInfo model, int cores) {
        PromisedTargets targets = new PromisedTargets(cores == CORES);
        boolean shape = model.layers() == 30
                && model.hiddenSize().orElse(0) == 576
                && model.vocabularySize().orElse(0) == 49152;
        if (targets.cores && shape) {
            targets.promise(model.computeType().equals("bfloat16"));
        }
        return targets;
    }

    private void promise(boolean bfloat16) {
        for (int length : new int[] {5, 64, 512}) {
            put(QuantityNames.EFFICIENCY, tokens(length), Target.atLeast(bfloat16 ? 0.85 : 0.92));
            put(QuantityNames.STREAM_SHARE, tokens(length), Target.atMost(0.30));
        }
        put(QuantityNames.OVERHEAD, tokens(5), Target.atMost(0.002));
        put(QuantityNames.OVERHEAD_SHARE, tokens(64), Target.atMost(0.03));
        put(QuantityNames.GROWTH_OF_MEMORY, tokens(1024), Target.atMost(250e6));
        put(QuantityNames.WRITING_SHARE, written(16, 32), Target.atLeast(0.8));
        for (int length : new int[] {5, 16}) {
            put(QuantityNames.GAIN_SHARE, callers(8, length), Target.atLeast(0.85));
            put(QuantityNames.TAIL_SHARE, callers(8, length), Target.atMost(2));
            put(QuantityNames.DIFFERENCE, callers(8, length), Target.atMost(1e-4));
            put(QuantityNames.OTHER_TOKENS, callers(8, length), Target.atMost(0));
        }
        for (int i = 0; i < PEER_LENGTHS.length; i++) {
            Target target = Target.atLeast((bfloat16 ? PEER_BFLOAT16 : PEER_FLOAT32)[i]);
            put(QuantityNames.ratioOf("logitlenskit"), tokens(PEER_LENGTHS[i]), target);
        }
    }

    private void put(String name, String condition, Target target) {
        byQuantity.put(key(name, condition), target);
    }

    /** The target of a figure; empty if nothing is promised for it. */
    public Optional<Target> of(Figure figure) {
        return Optional.ofNullable(byQuantity.get(key(figure.name(), figure.condition())));
    }

    /** Of loading a directory with so many tensors. */
    public Optional<Target> load(int tensors) {
        return cores ? Optional.of(Target.atMost(0.2 + 0.001 * tensors)) : Optional.empty();
    }

    /** Of a new process's first answer. */
    public Optional<Target> firstAnswer(ModelFacts model) {
        if (!cores || model.parameterCount() > MIDDLE_MODEL) {
            return Optional.empty();
        }
        return Optional.of(Target.atMost(model.parameterCount() < SMALL_MODEL ? 2 : 2.5));
    }

    /** Words of a condition. */
    public static String tokens(int count) {
        return count + " tokens";
    }

    /** Words of a condition. */
    public static String written(int prompt, int tokens) {
        return "%d tokens after %d".formatted(tokens, prompt);
    }

    /** Words of a condition. */
    public static String callers(int callers, int tokens) {
        return "%d %s, %s".formatted(callers, callers == 1 ? "caller" : "callers", tokens(tokens));
    }

    private static String key(String name, String condition) {
        return name + " at " + condition;
    }
}
