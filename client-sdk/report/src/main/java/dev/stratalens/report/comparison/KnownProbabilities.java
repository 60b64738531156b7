package dev.stratalens.report.comparison;

import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** The probabilities that a result has at one position: of tracked tokens, of targets, and of each cell's top-k. */
final class KnownProbabilities {

    /** A 0 in a file with probabilities in millionths means only that the probability is below this. */
    private static final double COARSEST = 5e-7;

    private final LensResult result;
    private final TokenKeys tokenKeys;
    /** By key; NaN if unknown at a layer. [layers] */
    private final Map<Integer, double[]> byKey = new HashMap<>();

    private final double[] leastOfTop;

    private KnownProbabilities(LensResult result, int position, TokenKeys tokenKeys) {
        this.result = result;
        this.tokenKeys = tokenKeys;
        this.leastOfTop = new double[result.layers().size()];
        result.trajectories(position).forEach(this::add);
        for (int index = 0; index < leastOfTop.length; index++) {
            int layer = result.layers().get(index);
            leastOfTop[index] = result.top(layer, position).probability();
            for (Prediction prediction : result.topK(layer, position)) {
                set(prediction.token(), index, prediction.probability());
                if (result.info().candidates().areMostLikely()) {
                    leastOfTop[index] = prediction.probability();
                }
            }
            for (TargetInfo target : result.targets()) {
                setTarget(target.target(), layer, index, position);
            }
        }
    }

    static KnownProbabilities of(LensResult result, int position, TokenKeys keys) {
        return new KnownProbabilities(result, position, keys);
    }

    private void add(Trajectory trajectory) {
        for (int index = 0; index < leastOfTop.length; index++) {
            double probability = trajectory.probability(result.layers().get(index));
            set(trajectory.token(), index, probability == 0 ? COARSEST : probability);
        }
    }

    private void setTarget(LensTarget target, int layer, int index, int position) {
        var id = result.targetToken(target, position);
        var logProb = result.targetLogProb(target, layer, position);
        if (id.isPresent() && logProb.isPresent()) {
            set(result.token(id.getAsInt()), index, Math.exp(logProb.getAsDouble()));
        }
    }

    private void set(Token token, int index, double probability) {
        int key = tokenKeys.key(token);
        if (key != TokenKeys.NONE) {
            byKey.computeIfAbsent(key, unknown -> unknown())[index] = probability;
        }
    }

    private double[] unknown() {
        double[] values = new double[leastOfTop.length];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    /** Probabilities by key, one per layer of the result; NaN if unknown. */
    Map<Integer, double[]> byKey() {
        return byKey;
    }

    /** Probabilities of one token, one per layer; empty if unknown. */
    List<OptionalDouble> through(int key) {
        double[] values = byKey.getOrDefault(key, unknown());
        return Arrays.stream(values)
                .mapToObj(value -> Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value))
                .toList();
    }

    /**
     * Largest probability of a token that is unknown at a layer: that of the last token of the top-k, or of the best one if the others are not
     * the next best.
     */
    double leastOfTop(int layerIndex) {
        return leastOfTop[layerIndex];
    }
}
