package dev.stratalens.engine.lens.result;

/**
 * The model's own best tokens and the ids of targets, known only after the forward pass. Arrays are not copied:
 * read-only.
 *
 * @param finalTopIds the model's own top-1, [p]
 * @param finalTopLogProbs its log-probability, [p]
 * @param targetIds vocabulary id of each target, [p * m] row-major; -1 if there is none
 */
public record FinalTargets(int[] finalTopIds, float[] finalTopLogProbs, int[] targetIds) {}
