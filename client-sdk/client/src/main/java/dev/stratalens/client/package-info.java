/**
 * Typed access to a Stratalens server: {@link dev.stratalens.client.LensClient} asks,
 * {@link dev.stratalens.client.LensStream} delivers layer by layer, {@link dev.stratalens.client.result.LensResult} holds the
 * whole. Files, figures and pages of results are made by {@code stratalens-report}.
 *
 * <p>Layers are block numbers, 0 .. L-1, and -1 is the embedding; positions are token positions in the prompt, 0 .. n-1.
 * Logarithms are natural, probabilities are over the whole vocabulary.
 *
 * <p>Every failure of a call is a {@link dev.stratalens.client.error.LensException}; a wrong argument is an
 * {@link IllegalArgumentException}.
 */
@NullMarked
package dev.stratalens.client;

import org.jspecify.annotations.NullMarked;
