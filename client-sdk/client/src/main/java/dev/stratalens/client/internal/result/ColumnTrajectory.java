package dev.stratalens.client.internal.result;

import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A row of tracked tokens.
 *
 * @param info of the result
 * @param layers of the lens
 * @param token the token
 * @param columns those of its position
 * @param row its row in them
 */
record ColumnTrajectory(ResultInfo info, List<Integer> layers, Token token, TrackedColumns columns, int row)
        implements Trajectory {

    @Override
    public double logProbability(int layer) {
        int index = Collections.binarySearch(layers, layer);
        if (index < 0) {
            info.layerIndex(layer); // refuses what was not asked for
            throw new IllegalArgumentException("the lens has no map for layer %d; it has %s".formatted(layer, layers));
        }
        return columns.logProbs()[from() + index];
    }

    private int from() {
        return row * layers.size();
    }

    private int to() {
        return from() + layers.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ColumnTrajectory that
                && token.equals(that.token)
                && layers.equals(that.layers)
                && Arrays.equals(columns.logProbs(), from(), to(), that.columns.logProbs(), that.from(), that.to());
    }

    @Override
    public int hashCode() {
        return token.hashCode();
    }

    @Override
    public String toString() {
        return "Trajectory[token=" + token + ", peak=" + peak() + " at layer " + peakLayer() + "]";
    }
}
