package dev.stratalens.engine.lens.result;

/**
 * The logits that an attribution divides. A logit before the softcap is the sum of its bias and the values of all parts, those of
 * attention heads aside: what they write is in that of their block's attention. Arrays are not copied: read-only.
 *
 * @param biases shares of the biases of the final norm and the head, [p * m]; NaN if there is no target
 * @param logits the model's own logits as its head computes them, after a softcap, [p * m]
 * @param largestDifference of a logit from its sum, after the same softcap
 */
public record AttributedLogits(float[] biases, float[] logits, float largestDifference) {}
