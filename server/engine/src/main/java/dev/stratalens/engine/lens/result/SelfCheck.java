package dev.stratalens.engine.lens.result;

import java.util.List;

/**
 * The self-check: compares the logit lens at the last block with a plain, untiled float32 product of the last residual
 * rows, computed by separate code.
 *
 * @param maxLogitDifference largest absolute difference between the logits
 * @param top1Agrees whether both have the same best token
 * @param positions checked token positions
 */
public record SelfCheck(float maxLogitDifference, boolean top1Agrees, List<Integer> positions) {

    /** Nothing was checked. */
    public static final SelfCheck NONE = new SelfCheck(Float.NaN, false, List.of());

    /** Copies the positions. */
    public SelfCheck {
        positions = List.copyOf(positions);
    }
}
