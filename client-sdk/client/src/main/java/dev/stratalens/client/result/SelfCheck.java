package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.util.List;

/** Compares the last block's lens with one plain float32 product of the last residual by separate code, in every answer. */
@AutoValue
public abstract class SelfCheck {

    SelfCheck() {}

    /** What a check found at these positions. */
    public static SelfCheck of(float maxLogitDifference, boolean top1Agrees, List<Integer> positions) {
        return new AutoValue_SelfCheck(maxLogitDifference, top1Agrees, List.copyOf(positions));
    }

    /** Largest absolute difference of the logits. */
    public abstract float maxLogitDifference();

    /** Whether the best token is the same. */
    public abstract boolean top1Agrees();

    /** Token positions that were checked. */
    public abstract List<Integer> positions();
}
