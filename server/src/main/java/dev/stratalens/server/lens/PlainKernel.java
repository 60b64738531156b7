package dev.stratalens.server.lens;

/** The statistics of a row in plain Java, where the Vector API is absent. */
final class PlainKernel implements RowKernel {

    @Override
    public void accept(float[] logits, int columns, int firstToken, RowStatistics statistics, int row) {
        float maximum = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < columns; i++) {
            maximum = Math.max(maximum, logits[i]);
        }
        double sum = 0;
        double weightedSum = 0;
        for (int i = 0; i < columns; i++) {
            double difference = logits[i] - maximum;
            double exponential = Math.exp(difference);
            sum += exponential;
            weightedSum += difference * exponential;
        }
        statistics.add(row, maximum, sum, weightedSum);
        offer(logits, 0, columns, firstToken, statistics, row);
        for (int target = 0; target < statistics.targetsPerRow(); target++) {
            float logit = statistics.targetLogit(row, target);
            int above = 0;
            for (int i = 0; i < columns; i++) {
                above += logits[i] > logit ? 1 : 0;
            }
            statistics.addAbove(row, target, above - own(logits, columns, firstToken, statistics, row, target));
        }
    }

    /** Offers the columns from first to last-1 for the list of the best. */
    static void offer(float[] logits, int first, int last, int firstToken, RowStatistics statistics, int row) {
        for (int i = first; i < last; i++) {
            if (statistics.accepts(row, logits[i])) {
                statistics.insert(row, firstToken + i, logits[i]);
            }
        }
    }

    /**
     * 1 if the target's own column counts as above the target, which it may because a product of another shape rounds
     * differently.
     */
    static int own(float[] logits, int columns, int firstToken, RowStatistics statistics, int row, int target) {
        int column = statistics.targetId(row, target) - firstToken;
        boolean here = column >= 0 && column < columns;
        return here && logits[column] > statistics.targetLogit(row, target) ? 1 : 0;
    }
}
