package dev.stratalens.client.result;

import dev.stratalens.client.request.ReadPoint;
import java.util.List;

/**
 * One tracked token at one position through all layers of a result, the embedding included if it was asked for. Immutable,
 * thread-safe, equal by value. Layers are layer numbers; one that was not asked for is refused with an
 * {@link IllegalArgumentException}. Made by this library alone: methods will be added.
 */
public interface Trajectory {

    /** The token. */
    Token token();

    /** The layers, ascending; -1 is the embedding. */
    List<Integer> layers();

    /**
     * The token's log-probability at a layer; NaN where a result that was read from a file does not know it, because the file's
     * probabilities have too few places.
     */
    double logProbability(int layer);

    /** The same at any read point of the lens. */
    double logProbability(ReadPoint readPoint);

    /** The token's probability at a layer, 0 .. 1; 0 where a result that was read from a file does not know it. */
    default double probability(int layer) {
        double logProbability = logProbability(layer);
        return Double.isNaN(logProbability) ? 0 : Math.exp(logProbability);
    }

    /** The layer where the probability is highest; the first of them if there are several. */
    default int peakLayer() {
        int peak = layers().get(0);
        for (int layer : layers()) {
            peak = probability(layer) > probability(peak) ? layer : peak;
        }
        return peak;
    }

    /** The highest probability of any layer. */
    default double peak() {
        return probability(peakLayer());
    }
}
