package dev.stratalens.engine.lens.request;

/** A lens: how a residual row becomes logits. */
public sealed interface RequestedLens {

    /** The model's own decoding: final norm, then head. */
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
     * An affine map for each read point, then final norm and head. Jacobian and tuned lenses have this form.
     *
     * @param name name of the loaded lens
     */
    record Transport(String name) implements RequestedLens {
        @Override
        public String toString() {
            return "transport:" + name;
        }
    }
}
