package dev.stratalens.client.result;

import java.util.List;

/**
 * The last block's lens against one plain float32 product of the last residual by separate code, made for every answer.
 *
 * @param maxLogitDifference largest absolute difference of the logits
 * @param top1Agrees whether the best token is the same
 * @param positions token positions checked; none if the result was read from a file that does not say
 */
public record SelfCheck(float maxLogitDifference, boolean top1Agrees, List<Integer> positions) {

    /** Copies the positions. */
    public SelfCheck {
        positions = List.copyOf(positions);
    }
}
