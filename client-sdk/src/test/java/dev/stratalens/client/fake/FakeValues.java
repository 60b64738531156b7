package dev.stratalens.client.fake;

import dev.stratalens.client.internal.LayerColumns;
import dev.stratalens.client.internal.TrackedColumns;
import java.util.List;

/**
 * The numbers of a made-up run, before they are put on a wire. Tracked tokens are all there and in float32, whatever a
 * request asks for.
 *
 * @param promptIds [n]
 * @param layers ascending, [l]
 * @param positions ascending, [p]
 * @param cells one a layer
 * @param tracked one a position
 * @param finalTopIds [p]
 * @param finalTopLogProbs [p]
 * @param targetTokenIds the encoding of each target, [m]
 * @param targetIds 0 where there is none, [p * m]
 */
public record FakeValues(
        List<Integer> promptIds,
        List<Integer> layers,
        List<Integer> positions,
        List<LayerColumns> cells,
        List<TrackedColumns> tracked,
        int[] finalTopIds,
        float[] finalTopLogProbs,
        List<List<Integer>> targetTokenIds,
        int[] targetIds) {

    /** Rows whose peak reaches the minimum, or whose token a target names. */
    boolean isSent(TrackedColumns position, int row, double minimumPeak) {
        int id = position.ids()[row];
        if (targetTokenIds.stream().anyMatch(tokens -> !tokens.isEmpty() && tokens.get(0) == id)) {
            return true;
        }
        double peak = 0;
        for (int layer = 0; layer < layers.size(); layer++) {
            peak = Math.max(peak, Math.exp(position.logProbs()[row * layers.size() + layer]));
        }
        return peak >= minimumPeak;
    }
}
