package dev.stratalens.report.evaluation;

import dev.stratalens.client.request.Lens;

/**
 * One number of an evaluation.
 *
 * @param lens the lens
 * @param layer a block, -1 for the embedding, or {@link #ANY_LAYER}
 * @param measure what is measured
 */
public record EvaluationSeries(Lens lens, int layer, EvaluationMeasure measure) {

    /** The best of all layers of the lens. */
    public static final int ANY_LAYER = -2;
}
