package dev.stratalens.engine.lens.kernel.row;

/**
 * The statistics of a row in plain Java, used without the Vector API and until it is warm. It adds up as many partial sums as a vector has
 * lanes, in the same order and with the same roundings, so that results do not depend on how warm the process is.
 */
public final class PlainKernel implements RowKernel {

    /** As a machine without vectors might have. */
    private static final int DEFAULT_LANES = 8;

    private final int lanes;

    /** A kernel that stands in for no other. */
    public PlainKernel() {
        this(DEFAULT_LANES);
    }

    /** @param lanes of the vectors that it stands in for */
    public PlainKernel(int lanes) {
        this.lanes = lanes;
    }

    @Override
    public int lanes() {
        return lanes;
    }

    @Override
    public void accept(float[] logits, int columns, int firstToken, RowStatistics statistics, int row) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < columns; i++) {
            maximum = Math.max(maximum, logits[i]);
        }
        addExponentials(logits, columns, maximum, statistics, row);
        offer(logits, columns, firstToken, statistics.best(), row);
        for (int target = 0; target < statistics.targetsPerRow(); target++) {
            int above = countAbove(logits, 0, columns, statistics.targetLogit(row, target));
            statistics.addAbove(row, target, above - own(logits, columns, firstToken, statistics, row, target));
        }
    }

    @Override
    public void offer(float[] scores, int columns, int firstToken, BestTokens best, int row) {
        offer(scores, 0, columns, firstToken, best, row);
    }

    @Override
    public void widen(int[] pairs, int count, float[] destination) {
        for (int i = 0; i < count; i++) {
            destination[2 * i] = Float.intBitsToFloat(pairs[i] << 16);
            destination[2 * i + 1] = Float.intBitsToFloat(pairs[i] & 0xffff0000);
        }
    }

    @Override
    public float dot(float[] a, int firstOfA, float[] b, int count) {
        var even = new float[lanes];
        var odd = new float[lanes];
        int i = 0;
        for (; i + 2 * lanes <= count; i += 2 * lanes) {
            for (int lane = 0; lane < lanes; lane++) {
                even[lane] = Math.fma(a[firstOfA + i + lane], b[i + lane], even[lane]);
            }
            for (int lane = 0; lane < lanes; lane++) {
                odd[lane] = Math.fma(a[firstOfA + i + lanes + lane], b[i + lanes + lane], odd[lane]);
            }
        }
        return dotFrom(sum(even, odd), i, a, firstOfA, b, count);
    }

    /** The sum of the lanes, in their order. */
    static float sum(float[] even, float[] odd) {
        float sum = 0;
        for (int lane = 0; lane < even.length; lane++) {
            sum += even[lane] + odd[lane];
        }
        return sum;
    }

    /** Adds the products from an index on. */
    static float dotFrom(float sum, int first, float[] a, int firstOfA, float[] b, int count) {
        float all = sum;
        for (int i = first; i < count; i++) {
            all += a[firstOfA + i] * b[i];
        }
        return all;
    }

    private void addExponentials(float[] logits, int columns, float maximum, RowStatistics statistics, int row) {
        var sums = new float[lanes];
        var weightedSums = new float[lanes];
        int i = 0;
        for (; i + lanes <= columns; i += lanes) {
            for (int lane = 0; lane < lanes; lane++) {
                float difference = logits[i + lane] - maximum;
                float exponential = exp(difference);
                sums[lane] += exponential;
                weightedSums[lane] = Math.fma(exponential, difference, weightedSums[lane]);
            }
        }
        addExponentialsFrom(i, logits, columns, maximum, sums, weightedSums, statistics, row);
    }

    /** Adds the sums of lanes, in their order, and the exponentials from a column on. */
    static void addExponentialsFrom(
            int first,
            float[] logits,
            int columns,
            float maximum,
            float[] sums,
            float[] weightedSums,
            RowStatistics statistics,
            int row) {
        double sum = 0;
        double weightedSum = 0;
        for (int lane = 0; lane < sums.length; lane++) {
            sum += sums[lane];
            weightedSum += weightedSums[lane];
        }
        for (int i = first; i < columns; i++) {
            float difference = logits[i] - maximum;
            float exponential = exp(difference);
            sum += exponential;
            weightedSum += difference * exponential;
        }
        statistics.add(row, maximum, sum, weightedSum);
    }

    static int countAbove(float[] logits, int first, int last, float logit) {
        int above = 0;
        for (int i = first; i < last; i++) {
            above += logits[i] > logit ? 1 : 0;
        }
        return above;
    }

    /** Offers the columns first .. last-1 to the list of the best. */
    static void offer(float[] scores, int first, int last, int firstToken, BestTokens best, int row) {
        for (int i = first; i < last; i++) {
            if (best.accepts(row, scores[i])) {
                best.insert(row, firstToken + i, scores[i]);
            }
        }
    }

    /**
     * 1 if the target's own column counts as above the target, which can happen because a product of another shape
     * rounds differently.
     */
    static int own(float[] logits, int columns, int firstToken, RowStatistics statistics, int row, int target) {
        int column = statistics.targetId(row, target) - firstToken;
        boolean here = column >= 0 && column < columns;
        return here && logits[column] > statistics.targetLogit(row, target) ? 1 : 0;
    }

    /**
     * exp of numbers up to 0, to 2 units in the last place, several times as fast as Math.exp: x = n ln 2 + r, a
     * polynomial for exp(r), and n added to the exponent. Coefficients are those of Cephes' expf. Below -86 the result
     * is exp(-86), which is negligible in a sum. NaN stays NaN.
     */
    static float exp(float x) {
        float bounded = Math.max(x, -86f);
        // Adding 1.5 * 2^23 rounds to the nearest integer, which is then in the low bits.
        float shifted = Math.fma(bounded, 1.442695f, 12582912f);
        float n = shifted - 12582912f;
        float r = Math.fma(n, 2.1219444e-4f, Math.fma(n, -0.6933594f, bounded));
        float p = Math.fma(r, 1.9875691e-4f, 1.3982e-3f);
        p = Math.fma(p, r, 8.333452e-3f);
        p = Math.fma(p, r, 4.1665796e-2f);
        p = Math.fma(p, r, 1.6666666e-1f);
        p = Math.fma(p, r, 0.5f);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
    }
}
