package dev.stratalens.engine.lens.reading;

import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.model.Head;

/** The lenses of one model. */
public final class Lenses {

    private final Lens logit;
    private final Lens raw;

    /** The lenses that every model has. */
    public Lenses(Head head) {
        logit = (step, residual, groups) -> head.normed(step, residual);
        raw = (step, residual, groups) -> head.raw(step, residual);
    }

    /** The lens with which the model itself decodes. */
    public Lens logit() {
        return logit;
    }

    /** The lens of a plan. */
    public Lens of(RequestedLens requested) {
        if (requested instanceof RequestedLens.Logit) {
            return logit;
        }
        if (requested instanceof RequestedLens.Raw) {
            return raw;
        }
        throw new IllegalArgumentException("no lens of this kind is loaded: " + requested);
    }
}
