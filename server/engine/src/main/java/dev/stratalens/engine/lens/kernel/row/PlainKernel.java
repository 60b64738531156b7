package dev.stratalens.engine.lens.kernel.row;

/** The statistics of a row in plain Java, used without the Vector API and until it is warm. */
public final class PlainKernel implements RowKernel {

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
        float even = 0;
        float odd = 0;
        int i = 0;
        for (; i + 1 < count; i += 2) {
            even += a[firstOfA + i] * b[i];
            odd += a[firstOfA + i + 1] * b[i + 1];
        }
        return i < count ? even + odd + a[firstOfA + i] * b[i] : even + odd;
    }

    private static void addExponentials(float[] logits, int columns, float maximum, RowStatistics statistics, int row) {
        double sum = 0;
        double weightedSum = 0;
        for (int i = 0; i < columns; i++) {
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
        float shifted = bounded * 1.442695f + 12582912f;
        float n = shifted - 12582912f;
        float r = bounded - n * 0.6933594f + n * 2.1219444e-4f;
        float p = 1.9875691e-4f;
        p = p * r + 1.3982e-3f;
        p = p * r + 8.333452e-3f;
        p = p * r + 4.1665796e-2f;
        p = p * r + 1.6666666e-1f;
        p = p * r + 0.5f;
        p = p * r + 1f;
        p = p * r + 1f;
        return Float.intBitsToFloat(Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(shifted) << 23));
    }
}
