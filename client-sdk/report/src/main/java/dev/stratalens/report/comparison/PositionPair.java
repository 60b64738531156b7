package dev.stratalens.report.comparison;

/**
 * Two paired positions.
 *
 * @param a token position in result A
 * @param b token position in result B
 */
public record PositionPair(int a, int b) {}
