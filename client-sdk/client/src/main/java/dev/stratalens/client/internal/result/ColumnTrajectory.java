package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.ReadPoint;
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
 * @param readPoints of the lens
 * @param token the token
 * @param columns those of its position
 * @param row its row in them
 */
record ColumnTrajectory(ResultInfo info, List<ReadPoint> readPoints, Token token, TrackedColumns columns, int row)
        implements Trajectory {

    @Override
    public List<Integer> layers() {
        return readPoints.stream()
                .filter(ReadPoint::isLayer)
                .map(ReadPoint::layer)
                .toList();
    }

    @Override
    public double logProbability(int layer) {
        info.layerIndex(layer); // refuses what was not asked for
        return logProbability(ReadPoint.ofLayer(layer));
    }

    @Override
    public double logProbability(ReadPoint readPoint) {
        int index = Collections.binarySearch(readPoints, readPoint);
        if (index < 0) {
            info.readPointIndex(readPoint); // refuses what was not asked for
            throw new IllegalArgumentException(
                    "the lens has no map for %s; it has %s".formatted(readPoint, readPoints));
        }
        return columns.logProbs()[from() + index];
    }

    private int from() {
        return row * readPoints.size();
    }

    private int to() {
        return from() + readPoints.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ColumnTrajectory that
                && token.equals(that.token)
                && readPoints.equals(that.readPoints)
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
