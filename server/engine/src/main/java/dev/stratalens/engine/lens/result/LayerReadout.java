package dev.stratalens.engine.lens.result;

/**
 * One layer over all asked positions. Arrays are row-major and not copied: read-only. Statistics that were not asked for
 * are arrays of length 0.
 *
 * @param layer layer number, -1 for the embedding
 * @param topIds predictions, best first, ties by lower id, [p * k]
 * @param topLogProbs their log-probabilities, [p * k]
 * @param logSumExps ln sum exp of the logits, [p]
 * @param targetRanks [p * m]; 0 where there is no target
 * @param targetLogProbs [p * m]; NaN where there is no target
 * @param entropies nats, [p]
 * @param klFromFinals nats, [p]
 * @param klFromNexts nats, [p]; NaN in the last asked layer
 */
public record LayerReadout(
        int layer,
        int[] topIds,
        float[] topLogProbs,
        float[] logSumExps,
        int[] targetRanks,
        float[] targetLogProbs,
        float[] entropies,
        float[] klFromFinals,
        float[] klFromNexts) {}
