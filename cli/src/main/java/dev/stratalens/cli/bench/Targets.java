package dev.stratalens.cli.bench;

import dev.stratalens.client.ModelInfo;
import java.util.Map;
import java.util.Optional;

/** What the product promises, for the model and machine that it is promised for: SmolLM2-135M's shape on 2 cores. */
final class Targets {

    private static final int CORES = 2;

    private final Map<String, Target> byQuantity;

    /** @param cores that the measured processes may use */
    static Targets of(ModelInfo model, int cores) {
        boolean promised =
                cores == CORES && model.layers() == 30 && model.hiddenSize() == 576 && model.vocabularySize() == 49152;
        return new Targets(promised ? promises(model.computeType()) : Map.of());
    }

    private Targets(Map<String, Target> byQuantity) {
        this.byQuantity = byQuantity;
    }

    private static Map<String, Target> promises(String computeType) {
        Target efficiency = Target.atLeast(computeType.equals("bfloat16") ? 0.85 : 0.92);
        return Map.of(
                key(Quantity.EFFICIENCY, tokens(5)), efficiency,
                key(Quantity.EFFICIENCY, tokens(64)), efficiency,
                key(Quantity.EFFICIENCY, tokens(512)), efficiency,
                key(Quantity.OVERHEAD, tokens(5)), Target.atMost(0.002),
                key(Quantity.OVERHEAD_SHARE, tokens(64)), Target.atMost(0.03));
    }

    /** The target of a figure; empty if nothing is promised for it. */
    Optional<Target> of(Figure figure) {
        return Optional.ofNullable(byQuantity.get(key(figure.name(), figure.condition())));
    }

    /** Words of a condition. */
    static String tokens(int count) {
        return count + " tokens";
    }

    private static String key(String name, String condition) {
        return name + " at " + condition;
    }
}
