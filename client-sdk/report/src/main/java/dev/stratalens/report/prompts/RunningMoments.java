package dev.stratalens.report.prompts;

/**
 * Mean and variance of numbers that are not kept. The recurrences are Welford's (1962, Technometrics 4:419), which stay
 * precise if the mean is far from 0. Not thread-safe.
 */
final class RunningMoments {

    private long count;
    private double mean;
    private double squares;

    void add(double value) {
        count++;
        double before = value - mean;
        mean += before / count;
        squares += before * (value - mean);
    }

    Moments moments() {
        return new Moments(
                count, count == 0 ? Double.NaN : mean, count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1)));
    }
}
