package dev.stratalens.client.result;

import java.util.Arrays;

/**
 * The tracked tokens of one position over all layers; t tokens, l layers. Arrays are not copied: read-only. One of the
 * two value arrays is filled, the other is of length 0.
 *
 * @param ids ascending, [t]
 * @param logProbs one row of l values a token, [t * l]
 * @param ppm probabilities in millionths, same rows
 */
public record TrackedColumns(int[] ids, float[] logProbs, int[] ppm) {

    @Override
    public boolean equals(Object other) {
        return other instanceof TrackedColumns that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(logProbs, that.logProbs)
                && Arrays.equals(ppm, that.ppm);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    @Override
    public String toString() {
        return ids.length + " tracked tokens";
    }
}
