package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.ReadPoint;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An attribution as it is stored; p positions, m targets, h heads. Arrays are row-major and not copied: read-only. Values that do
 * not exist are NaN.
 *
 * @param parts that add to the stream, in order of computation
 * @param shares of each part, [p * m]
 * @param heads shares of the attention heads by block, [p * m * h]
 * @param biases shares of the biases, [p * m]
 * @param logits [p * m]
 * @param softcap of the logits; 0 for none
 * @param largestDifference of a logit from its sum
 */
public record AttributionColumns(
        List<ReadPoint> parts,
        List<float[]> shares,
        SortedMap<Integer, float[]> heads,
        float[] biases,
        float[] logits,
        float softcap,
        float largestDifference) {

    /** Copies the collections. */
    public AttributionColumns {
        parts = List.copyOf(parts);
        shares = List.copyOf(shares);
        heads = new TreeMap<>(heads);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttributionColumns that
                && parts.equals(that.parts)
                && heads.keySet().equals(that.heads.keySet())
                && Arrays.deepEquals(arrays(), that.arrays())
                && softcap == that.softcap
                && largestDifference == that.largestDifference;
    }

    private float[][] arrays() {
        return Stream.of(shares.stream(), heads.values().stream(), List.of(biases, logits).stream())
                .flatMap(some -> some)
                .toArray(float[][]::new);
    }

    @Override
    public int hashCode() {
        return 31 * parts.hashCode() + Arrays.hashCode(logits);
    }

    @Override
    public String toString() {
        return parts.size() + " parts";
    }
}
