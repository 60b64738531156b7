package dev.stratalens.cli.summary;

/** A measure at one layer. Not thread-safe. */
final class LayerSums {

    private final SummaryMeasure.Kind kind;
    private final QuantileSketch quantiles = new QuantileSketch();
    private long count;
    private double sum;

    LayerSums(SummaryMeasure.Kind kind) {
        this.kind = kind;
    }

    /** @param stored as the table has it */
    void add(double stored) {
        double value = kind.value(stored);
        count++;
        sum += kind.averaged(value);
        quantiles.add(value);
    }

    long count() {
        return count;
    }

    /** NaN if there is no number. */
    double mean() {
        return kind.mean(sum / count);
    }

    /** Likewise, wrong by {@link QuantileSketch#ERROR} of itself at most. */
    double quantile(double share) {
        return quantiles.quantile(share);
    }
}
