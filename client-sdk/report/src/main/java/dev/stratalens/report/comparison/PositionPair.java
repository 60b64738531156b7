package dev.stratalens.report.comparison;

/**
 * Two positions that are held against each other.
 *
 * @param a token position in run A
 * @param b token position in run B
 */
public record PositionPair(int a, int b) {}
