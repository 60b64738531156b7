package dev.stratalens.client.internal.result;

import java.util.Arrays;

/**
 * The tracked tokens of one position over all layers; t tokens, l layers. Arrays are not copied: read-only.
 *
 * @param ids ascending, [t]
 * @param logProbs one row of l values a token, [t * l]; NaN where a value is not known, never minus infinity for that
 */
public record TrackedColumns(int[] ids, float[] logProbs) {

    @Override
    public boolean equals(Object other) {
        return other instanceof TrackedColumns that
                && Arrays.equals(ids, that.ids)
                && Arrays.equals(logProbs, that.logProbs);
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
