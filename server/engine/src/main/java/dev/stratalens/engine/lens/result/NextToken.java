package dev.stratalens.engine.lens.result;

import java.util.function.ToIntFunction;

/** How the token after the last one of a plan is found. */
public sealed interface NextToken {

    /** It is given. */
    record Given(int id) implements NextToken {}

    /** The model's own best token; of equal ones that with the lowest id. */
    record Best() implements NextToken {}

    /**
     * One drawn by the model's logits.
     *
     * @param draw from all logits, [V], which it must not change, to an id
     */
    record Drawn(ToIntFunction<float[]> draw) implements NextToken {}
}
