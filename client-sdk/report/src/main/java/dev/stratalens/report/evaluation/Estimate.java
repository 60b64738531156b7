package dev.stratalens.report.evaluation;

/**
 * A mean with its 95 % confidence interval, {@code mean - margin .. mean + margin}.
 *
 * @param count number of documents or questions behind it
 * @param mean NaN if there are none
 * @param margin NaN if there are fewer than two
 */
public record Estimate(long count, double mean, double margin) {}
