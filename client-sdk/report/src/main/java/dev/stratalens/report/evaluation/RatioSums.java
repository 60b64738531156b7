package dev.stratalens.report.evaluation;

/**
 * The ratio of two totals over documents, such as nats over tokens, from sums alone. Its interval is the normal one of a ratio
 * estimate (Cochran, Sampling Techniques, 1977, section 6.3): documents are drawn independently, the tokens of one document are not.
 * Not thread-safe.
 */
final class RatioSums {

    /** Numbers of {@link #numbers()}. */
    static final int SIZE = 6;

    /** The normal distribution has 95 % of its mass within this many standard deviations. */
    private static final double DEVIATIONS = 1.959963984540054;

    private long count;
    private double values;
    private double weights;
    private double valueSquares;
    private double products;
    private double weightSquares;

    /** Continues from numbers that {@link #numbers()} gave. */
    static RatioSums of(double[] numbers) {
        RatioSums sums = new RatioSums();
        sums.count = (long) numbers[0];
        sums.values = numbers[1];
        sums.weights = numbers[2];
        sums.valueSquares = numbers[3];
        sums.products = numbers[4];
        sums.weightSquares = numbers[5];
        return sums;
    }

    /** The sums, to be kept in a file. */
    double[] numbers() {
        return new double[] {count, values, weights, valueSquares, products, weightSquares};
    }

    /** Adds the totals of a document. */
    void add(double value, double weight) {
        count++;
        values += value;
        weights += weight;
        valueSquares += value * value;
        products += value * weight;
        weightSquares += weight * weight;
    }

    double weights() {
        return weights;
    }

    Estimate estimate() {
        double mean = values / weights;
        // The residuals value - mean * weight have the mean 0. Rounding can make the sum of their squares negative.
        double residualSquares = Math.max(0, valueSquares - 2 * mean * products + mean * mean * weightSquares);
        double deviation = Math.sqrt(residualSquares * count / (count - 1)) / weights;
        return new Estimate(count, mean, count < 2 ? Double.NaN : DEVIATIONS * deviation);
    }
}
