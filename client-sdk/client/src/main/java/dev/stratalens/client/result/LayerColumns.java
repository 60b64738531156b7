package dev.stratalens.client.result;

import java.util.Arrays;

/**
 * One layer over all asked positions; p positions, k predictions, m targets. Arrays are row-major and not copied:
 * read-only. Statistics that were not asked for are arrays of length 0, values that do not exist are NaN.
 *
 * @param layer layer number, -1 for the embedding
 * @param topIds best first, [p * k]
 * @param topLogProbs [p * k]
 * @param logSumExps [p]
 * @param entropies [p]
 * @param klFromFinals [p]
 * @param klFromNexts [p]
 * @param targetRanks [p * m]; 0 where there is no target
 * @param targetLogProbs [p * m]
 */
public record LayerColumns(
        int layer,
        int[] topIds,
        float[] topLogProbs,
        float[] logSumExps,
        float[] entropies,
        float[] klFromFinals,
        float[] klFromNexts,
        int[] targetRanks,
        float[] targetLogProbs) {

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerColumns that
                && layer == that.layer
                && Arrays.equals(topIds, that.topIds)
                && Arrays.equals(topLogProbs, that.topLogProbs)
                && Arrays.equals(logSumExps, that.logSumExps)
                && Arrays.equals(entropies, that.entropies)
                && Arrays.equals(klFromFinals, that.klFromFinals)
                && Arrays.equals(klFromNexts, that.klFromNexts)
                && Arrays.equals(targetRanks, that.targetRanks)
                && Arrays.equals(targetLogProbs, that.targetLogProbs);
    }

    @Override
    public int hashCode() {
        return 31 * layer + Arrays.hashCode(topIds);
    }

    @Override
    public String toString() {
        return "layer " + layer + " of " + logSumExps.length + " positions";
    }
}
