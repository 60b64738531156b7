package dev.stratalens.engine.lens.intervention;

import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.Interventions.Kind;

/**
 * The model's own output at one position. The array is not copied: read-only.
 *
 * @param logits after a softcap, [V]
 * @param logSumExp of the logits
 */
public record OutputDistribution(float[] logits, double logSumExp) {

    /** Of all logits. */
    public OutputDistribution(float[] logits) {
        this(logits, logSumExp(logits));
    }

    private static double logSumExp(float[] logits) {
        double best = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            best = Math.max(best, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - best);
        }
        return best + Math.log(sum);
    }

    /** A number of this output, beside that of the unchanged pass. */
    public double value(Kind metric, OutputDistribution unchanged) {
        if (metric instanceof Interventions.Logit logit) {
            return logits[logit.id()];
        } else if (metric instanceof Interventions.LogProbability probability) {
            return logits[probability.id()] - logSumExp;
        } else if (metric instanceof Interventions.LogitDifference difference) {
            return (double) logits[difference.id()] - logits[difference.other()];
        }
        return unchanged.divergenceFrom(this);
    }

    /** KL(this || other), in nats. */
    private double divergenceFrom(OutputDistribution other) {
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            double logProbability = logits[i] - logSumExp;
            sum += Math.exp(logProbability) * (logProbability - (other.logits[i] - other.logSumExp));
        }
        return Math.max(0, sum);
    }
}
