package dev.stratalens.report.comparison;

/**
 * Two paired layers.
 *
 * @param a layer number in result A; -1 = the embedding
 * @param b layer number in result B
 */
public record LayerPair(int a, int b) {}
