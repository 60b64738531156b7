package dev.stratalens.report.prompts;

/**
 * Mean and spread of some numbers.
 *
 * @param count how many numbers
 * @param mean their mean; NaN if there are none
 * @param standardDeviation of the population that they are a sample of, with {@code count - 1} below the fraction; NaN if
 *     there are fewer than two
 */
public record Moments(long count, double mean, double standardDeviation) {}
