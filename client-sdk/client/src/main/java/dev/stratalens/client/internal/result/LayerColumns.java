package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One read point of one lens over all asked positions; p positions, k predictions, m targets. Arrays are row-major and not copied:
 * read-only. Values that do not exist are NaN.
 *
 * @param readPoint where the lens read
 * @param ids best first, [p * k]
 * @param logProbs [p * k]
 * @param targetRanks [p * m]; 0 where there is no target
 * @param targetLogProbs [p * m]
 * @param columns the statistics that were asked for, each [p]
 */
public record LayerColumns(
        ReadPoint readPoint,
        int[] ids,
        float[] logProbs,
        int[] targetRanks,
        float[] targetLogProbs,
        Map<Statistic, float[]> columns) {

    private static final float[] NOT_ASKED_FOR = {};

    /** Copies the map, in the order of the contract. */
    public LayerColumns {
        columns = Collections.unmodifiableMap(new TreeMap<>(columns));
    }

    /** A statistic, [p]; of length 0 if it was not asked for. */
    public float[] column(Statistic statistic) {
        return columns.getOrDefault(statistic, NOT_ASKED_FOR);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerColumns that
                && readPoint.equals(that.readPoint)
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(logProbs, that.logProbs)
                && Arrays.equals(targetRanks, that.targetRanks)
                && Arrays.equals(targetLogProbs, that.targetLogProbs)
                && columns.keySet().equals(that.columns.keySet())
                && columns.keySet().stream().allMatch(each -> Arrays.equals(column(each), that.column(each)));
    }

    @Override
    public int hashCode() {
        return 31 * readPoint.hashCode() + Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return readPoint + " with " + columns.keySet();
    }
}
