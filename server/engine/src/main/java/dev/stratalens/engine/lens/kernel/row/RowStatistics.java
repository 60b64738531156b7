package dev.stratalens.engine.lens.kernel.row;

import java.util.Arrays;

/**
 * Running statistics of a block of rows, updated with tiles of their logits from left to right. Statistics of other tiles
 * can be merged at the end. Not thread-safe.
 */
public final class RowStatistics {

    private final int rows;
    private final int kept;
    private final int targetsPerRow;
    private final float[] maxima;
    private final double[] sums;
    private final double[] weightedSums;
    private final float[] rescalings;
    private final float[] topLogits;
    private final int[] topIds;
    private final int[] topCounts;
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
        this.kept = kept;
        this.targetsPerRow = targetsPerRow;
        this.maxima = new float[rows];
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
        this.sums = new double[rows];
        this.weightedSums = new double[rows];
        this.rescalings = new float[rows];
        this.topLogits = new float[rows * kept];
        this.topIds = new int[rows * kept];
        this.topCounts = new int[rows];
        this.targetIds = targetIds;
        this.targetLogits = targetLogits;
        this.aboveTargets = new int[rows * targetsPerRow];
    }

    public int rows() {
        return rows;
    }

    public int kept() {
        return kept;
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
        return new RowStatistics(rows, kept, targetsPerRow, targetIds, targetLogits);
    }

    /** Adds the statistics of other tiles of the same rows. */
    public void merge(RowStatistics others) {
        for (int row = 0; row < rows; row++) {
            if (others.topCounts[row] > 0) {
                add(row, others.maxima[row], others.sums[row], others.weightedSums[row]);
                mergeBest(row, others);
            }
        }
        for (int i = 0; i < aboveTargets.length; i++) {
            aboveTargets[i] += others.aboveTargets[i];
        }
    }

    /** Merges two ordered lists. */
    private void mergeBest(int row, RowStatistics others) {
        int first = row * kept;
        float[] logits = Arrays.copyOfRange(topLogits, first, first + topCounts[row]);
        int[] ids = Arrays.copyOfRange(topIds, first, first + topCounts[row]);
        int end = first + Math.min(kept, topCounts[row] + others.topCounts[row]);
        int mine = 0;
        int theirs = first;
        for (int place = first; place < end; place++) {
            boolean exhausted = theirs == first + others.topCounts[row];
            if (exhausted
                    || (mine < ids.length
                            && comesBefore(logits[mine], ids[mine], others.topLogits[theirs], others.topIds[theirs]))) {
                topLogits[place] = logits[mine];
                topIds[place] = ids[mine++];
            } else {
                topLogits[place] = others.topLogits[theirs];
                topIds[place] = others.topIds[theirs++];
            }
        }
        topCounts[row] = end - first;
    }

    /** Ties are ordered by id. */
    public static boolean comesBefore(float logit, int id, float otherLogit, int otherId) {
        return logit > otherLogit || (logit == otherLogit && id < otherId);
    }

    /** Whether a logit is among the best so far; ids must come in ascending order. */
    boolean accepts(int row, float logit) {
        return topCounts[row] < kept || logit > topLogits[row * kept + kept - 1];
    }

    /** The logit to exceed to be among the best; minus infinity while fewer than the kept number are known. */
    float worstKept(int row) {
        return topCounts[row] < kept ? Float.NEGATIVE_INFINITY : topLogits[row * kept + kept - 1];
    }

    /** Inserts a token that {@link #accepts}. */
    void insert(int row, int id, float logit) {
        int first = row * kept;
        int place = first + Math.min(topCounts[row], kept - 1);
        while (place > first && topLogits[place - 1] < logit) {
            topLogits[place] = topLogits[place - 1];
            topIds[place] = topIds[place - 1];
            place--;
        }
        topLogits[place] = logit;
        topIds[place] = id;
        topCounts[row] = Math.min(topCounts[row] + 1, kept);
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
        return topIds[row * kept + place];
    }

    public float topLogit(int row, int place) {
        return topLogits[row * kept + place];
    }
}
