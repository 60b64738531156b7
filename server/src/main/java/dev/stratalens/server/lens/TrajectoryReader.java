package dev.stratalens.server.lens;

import dev.stratalens.server.lens.LensTarget.Text;
import dev.stratalens.server.lens.LensTarget.TokenId;
import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Follows the tracked tokens of each position through all layers: their unembedding rows times the position's rows, less
 * each layer's log-sum-exp. Stored logits are not needed.
 */
final class TrajectoryReader {

    private final Head head;
    private final LensPlan plan;
    private final ResidualRows rows;
    private final LayerArrays[] layers;
    private final Cancellation cancellation;
    private final Set<Integer> named;

    TrajectoryReader(Head head, LensPlan plan, ResidualRows rows, LayerArrays[] layers, Cancellation cancellation) {
        this.head = head;
        this.plan = plan;
        this.rows = rows;
        this.layers = layers;
        this.cancellation = cancellation;
        this.named = plan.targets().stream()
                .filter(target -> target.target() instanceof TokenId || target.target() instanceof Text)
                .map(target -> target.tokenIds().get(0))
                .collect(Collectors.toSet());
    }

    /** Hands over every position's tokens; returns how many rows the minimum peak left out. */
    long read(TorchScope scope, LensListener listener) {
        long omitted = 0;
        for (int position = 0; position < rows.positions(); position++) {
            cancellation.throwIfCancelled();
            int[] tracked = tracked(position);
            PositionTrajectory trajectory = trajectory(scope, position, tracked);
            listener.trajectory(trajectory);
            omitted += tracked.length - trajectory.tokenIds().length;
        }
        return omitted;
    }

    /** Tokens of the lists of the best in the asked blocks, the embedding not counted, and the named ones; ascending. */
    private int[] tracked(int position) {
        var ids = new TreeSet<>(named);
        int topK = plan.topK();
        for (int i = 0; i < layers.length; i++) {
            if (plan.layers()[i] >= 0) {
                for (int place = position * topK; place < (position + 1) * topK; place++) {
                    ids.add(layers[i].topIds[place]);
                }
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private PositionTrajectory trajectory(TorchScope scope, int position, int[] ids) {
        if (ids.length == 0) {
            return new PositionTrajectory(position, ids, new float[0]);
        }
        float[] logits = logits(scope, position, ids); // [l * t]
        double minimum = plan.minimumPeak().orElse(0);
        var kept = new int[ids.length];
        var logProbs = new float[ids.length * layers.length]; // [t * l]
        int count = 0;
        for (int token = 0; token < ids.length; token++) {
            double peak = 0;
            for (int i = 0; i < layers.length; i++) {
                float logProb = logits[i * ids.length + token] - layers[i].logSumExps[position];
                logProbs[count * layers.length + i] = Math.min(0, logProb);
                peak = Math.max(peak, Math.exp(logProb));
            }
            if (peak >= minimum || named.contains(ids[token])) {
                kept[count++] = ids[token];
            }
        }
        return new PositionTrajectory(
                position, Arrays.copyOf(kept, count), Arrays.copyOf(logProbs, count * layers.length));
    }

    private float[] logits(TorchScope scope, int position, int[] ids) {
        try (TorchScope step = scope.child()) {
            var indexes = new long[layers.length];
            for (int i = 0; i < indexes.length; i++) {
                indexes[i] = (long) i * rows.positions() + position;
            }
            TorchTensor input = plan.normalisation().apply(head, step, head.select(step, rows.store(), indexes));
            return head.logitsOfTokens(
                    step, input, Arrays.stream(ids).asLongStream().toArray());
        }
    }
}
