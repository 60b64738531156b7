package dev.stratalens.engine.lens.plan;

/** How a residual row becomes logits. */
public sealed interface RequestedLens {

    /** As the model itself decodes: final norm, then head. */
    record Logit() implements RequestedLens {
        @Override
        public String toString() {
            return "logit";
        }
    }

    /** The head alone, without the final norm. */
    record Raw() implements RequestedLens {
        @Override
        public String toString() {
            return "raw";
        }
    }

    /**
     * An affine map for each read point, then final norm and head. Jacobian and tuned lenses are of this kind.
     *
     * @param name under which the lens was loaded
     */
    record Transport(String name) implements RequestedLens {}
}
