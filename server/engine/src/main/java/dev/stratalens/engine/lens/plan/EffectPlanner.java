package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.lens.plan.Interventions.Effect;
import dev.stratalens.engine.lens.plan.Interventions.Kind;
import dev.stratalens.engine.lens.plan.Interventions.Metric;
import java.util.ArrayList;

/**
 * Resolves the tokens and positions of metrics.
 *
 * @param length tokens of the prompt
 */
record EffectPlanner(TokenReader tokens, int length) {

    Effect plan(RequestedEffect asked) {
        if (asked.metrics().size() > LensPlanner.MAX_METRICS) {
            throw InvalidFieldException.tooMany(
                    "effect.metrics",
                    asked.metrics().size(),
                    LensPlanner.MAX_METRICS,
                    "Ask for the others in another request.");
        }
        var metrics = new ArrayList<Metric>();
        for (RequestedEffect.Metric each : asked.metrics()) {
            metrics.add(metric("effect.metrics[%d]".formatted(metrics.size()), each));
        }
        return new Effect(metrics, asked.withUnchangedResult());
    }

    Metric metric(String field, RequestedEffect.Metric asked) {
        int position = IndexSelection.one(
                field + ".position", asked.position().orElse(-1), length, IndexSelection.POSITIONS_COUNTED);
        return new Metric(kind(field, asked.kind()), position);
    }

    private Kind kind(String field, RequestedEffect.Kind asked) {
        if (asked instanceof RequestedEffect.Logit logit) {
            return new Interventions.Logit(tokens.token(field + ".logit", logit.token()));
        } else if (asked instanceof RequestedEffect.LogProbability probability) {
            return new Interventions.LogProbability(tokens.token(field + ".log_probability", probability.token()));
        } else if (asked instanceof RequestedEffect.LogitDifference difference) {
            return new Interventions.LogitDifference(
                    tokens.token(field + ".logit_difference.token", difference.token()),
                    tokens.token(field + ".logit_difference.other", difference.other()));
        }
        return new Interventions.KlFromUnchanged();
    }
}
