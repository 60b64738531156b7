package dev.stratalens.report.comparison;

/**
 * Two layers that are held against each other.
 *
 * @param a layer number in run A; -1 = the embedding
 * @param b layer number in run B
 */
public record LayerPair(int a, int b) {}
