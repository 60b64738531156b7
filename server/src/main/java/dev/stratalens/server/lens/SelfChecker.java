package dev.stratalens.server.lens;

import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.checkpoint.DataType;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.List;

/**
 * Holds the tiled logits of one position against plain ones. In float32 every logit is compared; in low precision those that
 * are reported, the rescored candidates, because the others are known to be rounded.
 */
final class SelfChecker {

    /** Logits closer than this are tied: which is the best is then a matter of rounding. */
    private static final float TIE = 1e-4f;

    private final Head head;
    private final LensPlan plan;
    private final int position;
    private final float[] watched;
    private SelfCheck result = new SelfCheck(Float.NaN, false, List.of());

    /** @param position index into the plan's positions */
    SelfChecker(Head head, LensPlan plan, int position) {
        this.head = head;
        this.plan = plan;
        this.position = position;
        this.watched = new float[head.computeType() == DataType.FLOAT32 ? head.vocabularySize() : 0];
    }

    /** Copies the position's logits if it is among the given ones. */
    TileObserver observer(int first, int count) {
        return tile -> {
            if (watched.length > 0 && isAmong(first, count)) {
                tile.copyRowTo(position - first, watched, tile.firstToken());
            }
        };
    }

    /** Compares if the position is among the given ones. */
    void compare(TorchScope step, TorchTensor residual, RowReadout readout, int first, int count) {
        if (!isAmong(first, count)) {
            return;
        }
        int row = position - first;
        TorchTensor vector = head.vector(step, residual, row);
        float[] plain = head.plainLogits(step, vector);
        float difference = 0;
        for (int i = 0; i < watched.length; i++) {
            difference = Math.max(difference, Math.abs(watched[i] - plain[i]));
        }
        for (int i = row * plan.topK(); i < (row + 1) * plan.topK(); i++) {
            difference = Math.max(difference, Math.abs(readout.topLogits()[i] - plain[readout.topIds()[i]]));
        }
        float best = Float.NEGATIVE_INFINITY;
        for (float logit : plain) {
            best = Math.max(best, logit);
        }
        boolean agrees = best - plain[readout.topIds()[row * plan.topK()]] <= TIE;
        result = new SelfCheck(difference, agrees, List.of(plan.positions()[position]));
    }

    SelfCheck result() {
        return result;
    }

    private boolean isAmong(int first, int count) {
        return position >= first && position < first + count;
    }
}
