package dev.stratalens.client.request;

/** How numbers travel. */
public enum NumberForm {
    /**
     * Logarithms in steps. With x = the negative log-probability, entropy or divergence, numbers of cells are off by at most
     * 0.0005 (1 + x), of trajectories by at most 0.002 (1 + x): a probability by less than 0.001 of 1, and a small one by a
     * few percent of itself.
     */
    COMPACT,
    /** Float32, as computed. */
    EXACT
}
