/**
 * Analyses of results: rank, KL, entropy and logit views, trajectories of tokens over the layers, and the depth at
 * which predictions form. They are pure functions over a {@link dev.stratalens.client.result.LensResult}: they call no
 * server, and values that the result does not hold are empty.
 *
 * <p>Layers are block numbers, -1 is the embedding; positions are token positions in the prompt. Logarithms are natural,
 * probabilities are over the whole vocabulary. Everything here is immutable and thread-safe.
 */
@NullMarked
package dev.stratalens.report.analysis;

import org.jspecify.annotations.NullMarked;
