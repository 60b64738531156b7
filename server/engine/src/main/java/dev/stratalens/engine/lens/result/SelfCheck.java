package dev.stratalens.engine.lens.result;

import java.util.List;

/**
 * The last block's lens against one plain, untiled float32 product of the last residual, by separate code.
 *
 * @param maxLogitDifference largest absolute difference of the logits
 * @param top1Agrees whether the best token is the same
 * @param positions token positions checked
 */
public record SelfCheck(float maxLogitDifference, boolean top1Agrees, List<Integer> positions) {

    /** Nothing was checked. */
    public static final SelfCheck NONE = new SelfCheck(Float.NaN, false, List.of());

    /** Copies the positions. */
    public SelfCheck {
        positions = List.copyOf(positions);
    }
}
