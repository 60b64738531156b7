package dev.stratalens.engine.lens.kernel.row;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The statistics of a row with the Vector API: one loop for the maxima of chunks, one for the exponentials, one per
 * target. Loaded by name, because the incubator module may be absent.
 *
 * <p>No method here takes or returns a vector. If the compiler compiles such a method before its caller, it does not
 * inline it; vectors that cross the call then become objects, for the life of the process.
 */
public final class VectorKernel implements RowKernel {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** The pairs of the lower and of the upper half of the lanes, each in two lanes. */
    private static final VectorShuffle<Integer> LOWER_TWICE = VectorShuffle.fromOp(INTS, lane -> lane / 2);

    private static final VectorShuffle<Integer> UPPER_TWICE = VectorShuffle.fromOp(INTS, lane -> (LANES + lane) / 2);

    /** Shifts that move the first of a pair, in even lanes, and the second to the upper half of the lane. */
    private static final IntVector SHIFTS =
            IntVector.zero(INTS).addIndex(16).and(16).lanewise(VectorOperators.XOR, 16);

    private static final int UPPER_HALF = 0xffff0000;

    /** Number of columns with a common maximum, which decides whether any of them can be among the best. */
    private static final int CHUNK = Math.max(128, LANES);

    private static final FloatVector BITS_PER_NAT = FloatVector.broadcast(SPECIES, 1.442695f);
    private static final FloatVector ROUNDING = FloatVector.broadcast(SPECIES, 12582912f);
    private static final FloatVector MINUS_LN_2_HIGH = FloatVector.broadcast(SPECIES, -0.6933594f);
    private static final FloatVector MINUS_LN_2_LOW = FloatVector.broadcast(SPECIES, 2.1219444e-4f);

    // The polynomial of e^r, from its highest power down.
    private static final FloatVector R7 = FloatVector.broadcast(SPECIES, 1.9875691e-4f);
    private static final FloatVector R6 = FloatVector.broadcast(SPECIES, 1.3982e-3f);
    private static final FloatVector R5 = FloatVector.broadcast(SPECIES, 8.333452e-3f);
    private static final FloatVector R4 = FloatVector.broadcast(SPECIES, 4.1665796e-2f);
    private static final FloatVector R3 = FloatVector.broadcast(SPECIES, 1.6666666e-1f);
    private static final FloatVector R2 = FloatVector.broadcast(SPECIES, 0.5f);
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public void accept(float[] logits, int columns, int firstToken, RowStatistics statistics, int row) {
        float maximum = offerChunks(logits, columns, firstToken, statistics.best(), row);
        addExponentials(logits, columns, maximum, statistics, row);
        for (int target = 0; target < statistics.targetsPerRow(); target++) {
            if (statistics.targetId(row, target) >= 0) {
                int above = countAbove(logits, columns, statistics.targetLogit(row, target));
                statistics.addAbove(
                        row, target, above - PlainKernel.own(logits, columns, firstToken, statistics, row, target));
            }
        }
    }

    @Override
    public void offer(float[] scores, int columns, int firstToken, BestTokens best, int row) {
        offerChunks(scores, columns, firstToken, best, row);
    }

    /** Searches the chunks that hold one of the best, and returns the maximum of the row. */
    private static float offerChunks(float[] logits, int columns, int firstToken, BestTokens tokens, int row) {
        int first = Math.min(columns, tokens.kept());
        PlainKernel.offer(logits, 0, first, firstToken, tokens, row);
        FloatVector maxima = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        int chunk = first;
        for (; chunk + CHUNK <= columns; chunk += CHUNK) {
            FloatVector best = FloatVector.fromArray(SPECIES, logits, chunk);
            for (int i = LANES; i < CHUNK; i += LANES) {
                best = best.max(FloatVector.fromArray(SPECIES, logits, chunk + i));
            }
            maxima = maxima.max(best);
            if (best.compare(VectorOperators.GT, tokens.worstKept(row)).anyTrue()) {
                offerChunk(logits, chunk, firstToken, tokens, row);
            }
        }
        float maximum = maxima.reduceLanes(VectorOperators.MAX);
        for (int i = 0; i < first; i++) {
            maximum = Math.max(maximum, logits[i]);
        }
        for (int i = chunk; i < columns; i++) {
            maximum = Math.max(maximum, logits[i]);
        }
        PlainKernel.offer(logits, chunk, columns, firstToken, tokens, row);
        return maximum;
    }

    private static void offerChunk(float[] logits, int chunk, int firstToken, BestTokens tokens, int row) {
        for (int i = chunk; i < chunk + CHUNK; i += LANES) {
            long better = FloatVector.fromArray(SPECIES, logits, i)
                    .compare(VectorOperators.GT, tokens.worstKept(row))
                    .toLong();
            for (; better != 0; better &= better - 1) {
                int column = i + Long.numberOfTrailingZeros(better);
                if (tokens.accepts(row, logits[column])) {
                    tokens.insert(row, firstToken + column, logits[column]);
                }
            }
        }
    }

    @Override
    public void widen(int[] pairs, int count, float[] destination) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            IntVector both = IntVector.fromArray(INTS, pairs, i);
            both.rearrange(LOWER_TWICE)
                    .lanewise(VectorOperators.LSHL, SHIFTS)
                    .and(UPPER_HALF)
                    .reinterpretAsFloats()
                    .intoArray(destination, 2 * i);
            both.rearrange(UPPER_TWICE)
                    .lanewise(VectorOperators.LSHL, SHIFTS)
                    .and(UPPER_HALF)
                    .reinterpretAsFloats()
                    .intoArray(destination, 2 * i + LANES);
        }
        for (; i < count; i++) {
            destination[2 * i] = Float.intBitsToFloat(pairs[i] << 16);
            destination[2 * i + 1] = Float.intBitsToFloat(pairs[i] & UPPER_HALF);
        }
    }

    @Override
    public float dot(float[] a, int firstOfA, float[] b, int count) {
        FloatVector even = FloatVector.zero(SPECIES);
        FloatVector odd = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + 2 * LANES <= count; i += 2 * LANES) {
            even = FloatVector.fromArray(SPECIES, a, firstOfA + i).fma(FloatVector.fromArray(SPECIES, b, i), even);
            odd = FloatVector.fromArray(SPECIES, a, firstOfA + i + LANES)
                    .fma(FloatVector.fromArray(SPECIES, b, i + LANES), odd);
        }
        // The order in which reduceLanes adds is not specified.
        var sums = new float[LANES];
        var oddSums = new float[LANES];
        even.intoArray(sums, 0);
        odd.intoArray(oddSums, 0);
        return PlainKernel.dotFrom(PlainKernel.sum(sums, oddSums), i, a, firstOfA, b, count);
    }

    /** Sums of exponentials, computed as {@link PlainKernel} does. */
    private static void addExponentials(float[] logits, int columns, float maximum, RowStatistics statistics, int row) {
        FloatVector sums = FloatVector.zero(SPECIES);
        FloatVector weightedSums = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LANES <= columns; i += LANES) {
            FloatVector difference = FloatVector.fromArray(SPECIES, logits, i).sub(maximum);
            FloatVector bounded = difference.max(-86f);
            FloatVector shifted = bounded.fma(BITS_PER_NAT, ROUNDING);
            FloatVector n = shifted.sub(12582912f);
            FloatVector r = n.fma(MINUS_LN_2_LOW, n.fma(MINUS_LN_2_HIGH, bounded));
            FloatVector p = r.fma(R7, R6);
            p = p.fma(r, R5);
            p = p.fma(r, R4);
            p = p.fma(r, R3);
            p = p.fma(r, R2);
            p = p.fma(r, ONE);
            p = p.fma(r, ONE);
            IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
            FloatVector exponential = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
            sums = sums.add(exponential);
            weightedSums = exponential.fma(difference, weightedSums);
        }
        var sumLanes = new float[LANES];
        var weightedLanes = new float[LANES];
        sums.intoArray(sumLanes, 0);
        weightedSums.intoArray(weightedLanes, 0);
        PlainKernel.addExponentialsFrom(i, logits, columns, maximum, sumLanes, weightedLanes, statistics, row);
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
}
