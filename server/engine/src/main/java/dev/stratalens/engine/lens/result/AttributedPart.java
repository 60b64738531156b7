package dev.stratalens.engine.lens.result;

/**
 * How much one part of the model writes toward the logits of targets. The array is not copied: read-only.
 *
 * @param part index into the plan's attributed parts
 * @param heads values of each target: 1, or one for each attention head
 * @param values shares of logits, before a softcap, [p * m * heads]; NaN if there is no target
 */
public record AttributedPart(int part, int heads, float[] values) {}
