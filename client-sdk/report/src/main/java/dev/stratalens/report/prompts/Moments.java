package dev.stratalens.report.prompts;

/**
 * Mean and spread of some numbers.
 *
 * @param count number of numbers
 * @param mean their mean; NaN if there are none
 * @param standardDeviation of the population from which they are a sample, with {@code count - 1} in the denominator;
 *     NaN if there are fewer than two
 */
public record Moments(long count, double mean, double standardDeviation) {}
