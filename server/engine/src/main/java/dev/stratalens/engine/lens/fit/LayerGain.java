package dev.stratalens.engine.lens.fit;

import dev.stratalens.engine.lens.plan.ReadPoint;

/**
 * What a fitted lens gains at a read point, on text that it was not fitted on.
 *
 * @param plain the logit lens
 * @param fitted the fitted lens
 */
public record LayerGain(ReadPoint point, Distance plain, Distance fitted) {

    /**
     * How far a lens is from the model's own output.
     *
     * @param divergence mean of KL(output || lens), in nats
     * @param agreement share of positions where the best token is the output's, 0 .. 1
     */
    public record Distance(double divergence, double agreement) {}
}
