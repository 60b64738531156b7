package dev.stratalens.engine.lens.kernel.row;

import java.util.Arrays;

/**
 * Running statistics of a block of rows, updated with tiles of their logits from left to right. Statistics of other tiles
 * can be merged at the end. Not thread-safe.
 */
public final class RowStatistics {

    private final int rows;
    private final int targetsPerRow;
    private final float[] maxima;
    private final double[] sums;
    private final double[] weightedSums;
    private final float[] rescalings;
    private final BestTokens best;
    private final int[] targetIds;
    private final float[] targetLogits;
    private final int[] aboveTargets;

    /**
     * Creates empty statistics.
     *
     * @param kept number of best tokens to keep per row
     * @param targetIds targets, [rows * targetsPerRow]; -1 for none
     * @param targetLogits their logits, [rows * targetsPerRow]
     */
    public RowStatistics(int rows, int kept, int targetsPerRow, int[] targetIds, float[] targetLogits) {
        this.rows = rows;
        this.targetsPerRow = targetsPerRow;
        this.maxima = new float[rows];
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
        this.sums = new double[rows];
        this.weightedSums = new double[rows];
        this.rescalings = new float[rows];
        this.best = new BestTokens(rows, kept);
        this.targetIds = targetIds;
        this.targetLogits = targetLogits;
        this.aboveTargets = new int[rows * targetsPerRow];
    }

    public int rows() {
        return rows;
    }

    public int kept() {
        return best.kept();
    }

    /** The best tokens by their logits. */
    BestTokens best() {
        return best;
    }

    public int targetsPerRow() {
        return targetsPerRow;
    }

    /**
     * Adds a tile's sums.
     *
     * @param maximum largest logit of the tile
     * @param sum sum of exp(logit - maximum)
     * @param weightedSum sum of (logit - maximum) * exp(logit - maximum)
     */
    void add(int row, float maximum, double sum, double weightedSum) {
        float old = maxima[row];
        if (maximum <= old) {
            double factor = Math.exp(maximum - old);
            sums[row] += factor * sum;
            weightedSums[row] += factor * (weightedSum + (maximum - old) * sum);
            rescalings[row] = 1;
        } else {
            double factor = Math.exp(old - maximum);
            double shift = sums[row] == 0 ? 0 : (old - maximum) * sums[row];
            weightedSums[row] = weightedSum + factor * (weightedSums[row] + shift);
            sums[row] = sum + factor * sums[row];
            rescalings[row] = (float) factor;
            maxima[row] = maximum;
        }
    }

    /** Empty statistics of the same rows, best tokens and targets. */
    public RowStatistics empty() {
        return new RowStatistics(rows, best.kept(), targetsPerRow, targetIds, targetLogits);
    }

    /** Adds the statistics of other tiles of the same rows. */
    public void merge(RowStatistics others) {
        for (int row = 0; row < rows; row++) {
            if (!others.best.isEmpty(row)) {
                add(row, others.maxima[row], others.sums[row], others.weightedSums[row]);
            }
        }
        for (int i = 0; i < aboveTargets.length; i++) {
            aboveTargets[i] += others.aboveTargets[i];
        }
        best.merge(others.best);
    }

    public int targetId(int row, int target) {
        return targetIds[row * targetsPerRow + target];
    }

    public float targetLogit(int row, int target) {
        return targetLogits[row * targetsPerRow + target];
    }

    /** Adds the number of other tokens whose logit is above the target's. */
    void addAbove(int row, int target, int count) {
        aboveTargets[row * targetsPerRow + target] += count;
    }

    /** 1 + number of other tokens above; 0 if there is no target. */
    public int rank(int row, int target) {
        return targetId(row, target) < 0 ? 0 : 1 + aboveTargets[row * targetsPerRow + target];
    }

    public float maximum(int row) {
        return maxima[row];
    }

    /** exp(old maximum - new maximum) of the last added tile. */
    public float rescaling(int row) {
        return rescalings[row];
    }

    public double logSumExp(int row) {
        return maxima[row] + Math.log(sums[row]);
    }

    public double entropy(int row) {
        return Math.max(0, Math.log(sums[row]) - weightedSums[row] / sums[row]);
    }

    /** The place-th best token. */
    public int topId(int row, int place) {
        return best.id(row, place);
    }

    public float topLogit(int row, int place) {
        return best.score(row, place);
    }
}
