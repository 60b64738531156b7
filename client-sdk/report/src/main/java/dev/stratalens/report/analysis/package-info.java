/**
 * What the field reads off a lens: rank, KL, entropy and logit views, the evolution of tokens over the layers, and where in
 * depth a prediction settles. Pure functions over a {@link dev.stratalens.client.result.LensResult}: nothing is asked of a server,
 * and what the result does not hold is empty, never guessed.
 *
 * <p>Layers are block numbers, -1 is the embedding; positions are token positions in the prompt. Logarithms are natural,
 * probabilities are over the whole vocabulary. Everything here is immutable and thread-safe.
 */
@NullMarked
package dev.stratalens.report.analysis;

import org.jspecify.annotations.NullMarked;
