package dev.stratalens.server.lens;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The statistics of a row with the Vector API: one loop for the maxima of chunks, one for the exponentials, one a target.
 * Loaded by name, because the incubator module may be absent.
 */
final class VectorKernel implements RowKernel {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Columns whose maximum decides whether any of them can be among the best. */
    private static final int CHUNK = Math.max(64, LANES);

    @Override
    public void accept(float[] logits, int columns, int firstToken, RowStatistics statistics, int row) {
        float maximum = offerChunks(logits, columns, firstToken, statistics, row);
        addExponentials(logits, columns, maximum, statistics, row);
        for (int target = 0; target < statistics.targetsPerRow(); target++) {
            int above = countAbove(logits, columns, statistics.targetLogit(row, target));
            statistics.addAbove(
                    row, target, above - PlainKernel.own(logits, columns, firstToken, statistics, row, target));
        }
    }

    /** Looks into the chunks that hold one of the best, and returns the maximum of the row. */
    private static float offerChunks(float[] logits, int columns, int firstToken, RowStatistics statistics, int row) {
        float maximum = Float.NEGATIVE_INFINITY;
        int chunk = 0;
        for (; chunk + CHUNK <= columns; chunk += CHUNK) {
            FloatVector best = FloatVector.fromArray(SPECIES, logits, chunk);
            for (int i = LANES; i < CHUNK; i += LANES) {
                best = best.max(FloatVector.fromArray(SPECIES, logits, chunk + i));
            }
            float chunkMaximum = best.reduceLanes(VectorOperators.MAX);
            maximum = Math.max(maximum, chunkMaximum);
            if (statistics.accepts(row, chunkMaximum)) {
                PlainKernel.offer(logits, chunk, chunk + CHUNK, firstToken, statistics, row);
            }
        }
        for (int i = chunk; i < columns; i++) {
            maximum = Math.max(maximum, logits[i]);
        }
        PlainKernel.offer(logits, chunk, columns, firstToken, statistics, row);
        return maximum;
    }

    private static void addExponentials(float[] logits, int columns, float maximum, RowStatistics statistics, int row) {
        FloatVector sums = FloatVector.zero(SPECIES);
        FloatVector weightedSums = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LANES <= columns; i += LANES) {
            FloatVector difference = FloatVector.fromArray(SPECIES, logits, i).sub(maximum);
            FloatVector exponential = exp(difference);
            sums = sums.add(exponential);
            weightedSums = exponential.fma(difference, weightedSums);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        double weightedSum = weightedSums.reduceLanes(VectorOperators.ADD);
        for (; i < columns; i++) {
            float difference = logits[i] - maximum;
            float exponential = PlainKernel.exp(difference);
            sum += exponential;
            weightedSum += difference * exponential;
        }
        statistics.add(row, maximum, sum, weightedSum);
    }

    private static int countAbove(float[] logits, int columns, float logit) {
        int above = 0;
        int i = 0;
        for (; i + LANES <= columns; i += LANES) {
            above += FloatVector.fromArray(SPECIES, logits, i)
                    .compare(VectorOperators.GT, logit)
                    .trueCount();
        }
        return above + PlainKernel.countAbove(logits, i, columns, logit);
    }

    /** {@link PlainKernel#exp} in every lane. */
    private static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-87f);
        FloatVector shifted = bounded.mul(1.442695f).add(12582912f);
        FloatVector n = shifted.sub(12582912f);
        FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -0.6933594f), bounded);
        r = n.fma(FloatVector.broadcast(SPECIES, 2.1219444e-4f), r);
        FloatVector p = FloatVector.broadcast(SPECIES, 1.9875691e-4f);
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.3982e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 8.333452e-3f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665796e-2f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666666e-1f));
        p = p.fma(r, FloatVector.broadcast(SPECIES, 0.5f));
        p = p.fma(r.mul(r), r.add(1f));
        IntVector exponent =
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(Float.floatToRawIntBits(1f));
        return p.mul(exponent.reinterpretAsFloats());
    }
}
