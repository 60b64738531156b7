package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensTarget.Text;
import dev.stratalens.engine.lens.plan.LensTarget.TokenId;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Follows the tracked tokens of each position through all layers: their unembedding rows times the position's rows, less
 * each layer's log-sum-exp. Stored logits are not needed.
 */
final class TrajectoryReader {

    private final HeadReader reader;
    private final PassLayout layout;
    private final TorchTensor store;

    /** @param store residual rows of the layout */
    TrajectoryReader(HeadReader reader, PassLayout layout, TorchTensor store) {
        this.reader = reader;
        this.layout = layout;
        this.store = store;
    }

    /** Hands over every position's tokens; returns how many rows the minimum peak left out. */
    long read(LensRun run, double minimumPeak) {
        int layers = run.plan().layers().length;
        int group = Math.max(1, reader.projection().rowLimit() / layers);
        long omitted = 0;
        for (int first = 0; first < run.positions() && run.isLive(); first += group) {
            int start = first;
            int[][] tracked = IntStream.range(first, Math.min(first + group, run.positions()))
                    .mapToObj(position -> tracked(run, position))
                    .toArray(int[][]::new);
            float[][] logits = logits(run, first, tracked);
            for (int i = 0; i < tracked.length; i++) {
                PositionTrajectory trajectory = trajectory(run, start + i, tracked[i], logits[i], minimumPeak);
                run.listener().trajectory(trajectory);
                omitted += tracked[i].length - trajectory.tokenIds().length;
            }
        }
        return omitted;
    }

    /** Tokens of the lists of the best in the asked blocks, the embedding not counted, and the named ones; ascending. */
    private static int[] tracked(LensRun run, int position) {
        LensPlan plan = run.plan();
        int topK = plan.topK();
        IntStream best = IntStream.range(0, plan.layers().length)
                .filter(layer -> plan.layers()[layer] >= 0)
                .flatMap(layer -> Arrays.stream(run.layer(layer).topIds, position * topK, (position + 1) * topK));
        return IntStream.concat(best, named(plan)).sorted().distinct().toArray();
    }

    private static IntStream named(LensPlan plan) {
        return plan.targets().stream()
                .filter(target -> target.target() instanceof TokenId || target.target() instanceof Text)
                .mapToInt(target -> target.tokenIds().get(0));
    }

    private static PositionTrajectory trajectory(
            LensRun run, int position, int[] ids, float[] logits, double minimumPeak) {
        int layers = run.plan().layers().length;
        var kept = new int[ids.length];
        var logProbs = new float[ids.length * layers]; // [t * l]
        int count = 0;
        for (int token = 0; token < ids.length; token++) {
            int id = ids[token];
            double peak = 0;
            for (int i = 0; i < layers; i++) {
                float logProb = logits[i * ids.length + token] - run.layer(i).logSumExps[position];
                logProbs[count * layers + i] = Math.min(0, logProb);
                peak = Math.max(peak, Math.exp(logProb));
            }
            if (peak >= minimumPeak || named(run.plan()).anyMatch(named -> named == id)) {
                kept[count++] = id;
            }
        }
        return new PositionTrajectory(position, Arrays.copyOf(kept, count), Arrays.copyOf(logProbs, count * layers));
    }

    /** Logits of each position's tokens, [l * t]. */
    private float[][] logits(LensRun run, int first, int[][] ids) {
        Head head = reader.head();
        int layers = run.plan().layers().length;
        long[] rows = IntStream.range(0, ids.length * layers)
                .mapToObj(i -> layout.cell(run, i % layers, first + i / layers))
                .mapToLong(Cell::row)
                .toArray();
        try (TorchScope step = head.scope()) {
            TorchTensor input = run.plan().normalisation().apply(head, step, head.select(step, store, rows));
            return reader.tokenLogits().ofEachGroup(input, ids);
        }
    }
}
