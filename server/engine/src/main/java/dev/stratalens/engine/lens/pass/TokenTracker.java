package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.RequestedTarget.Text;
import dev.stratalens.engine.lens.plan.RequestedTarget.TokenId;
import dev.stratalens.engine.lens.plan.Site;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Follows the tracked tokens of each position through all read points: their unembedding rows times the position's rows,
 * less each cell's log-sum-exp. Stored logits are not needed.
 */
final class TokenTracker {

    private final HeadKernel kernel;
    private final ResidualRows rows;

    TokenTracker(HeadKernel kernel, ResidualRows rows) {
        this.kernel = kernel;
        this.rows = rows;
    }

    /** Hands over every position's tokens, lens by lens; returns how many rows the minimum peak left out. */
    long read(PlanResult result, double minimumPeak) {
        int lensCount = result.plan().lenses().size();
        result.begin(Phase.TRAJECTORIES, (long) lensCount * result.positions());
        long omitted = 0;
        for (int lens = 0; lens < lensCount; lens++) {
            omitted += new OneLens(result, lens).read(minimumPeak);
        }
        return omitted;
    }

    /** Trajectories of a plan by one of its lenses. */
    private final class OneLens {

        private final PlanResult result;
        private final LensPlan plan;
        private final int lens;
        private final int points;

        private OneLens(PlanResult result, int lens) {
            this.result = result;
            this.plan = result.plan();
            this.lens = lens;
            this.points = plan.readPoints().size();
        }

        private long read(double minimumPeak) {
            int group = Math.max(1, kernel.rowLimit() / points);
            long omitted = 0;
            for (int first = 0; first < result.positions() && result.isLive(); first += group) {
                int[][] tracked = IntStream.range(first, Math.min(first + group, result.positions()))
                        .mapToObj(this::tracked)
                        .toArray(int[][]::new);
                float[][] logits = logits(first, tracked);
                for (int i = 0; i < tracked.length; i++) {
                    PositionTrajectory trajectory = trajectory(first + i, tracked[i], logits[i], minimumPeak);
                    result.listener().trajectory(trajectory);
                    omitted += tracked[i].length - trajectory.tokenIds().length;
                }
                result.advance(tracked.length);
                rows.layout().report();
            }
            return omitted;
        }

        /** Tokens of the lists of the best, those of the embedding not counted, and the named ones; ascending. */
        private int[] tracked(int position) {
            int topK = plan.topK();
            IntStream best = IntStream.range(0, points)
                    .filter(point -> plan.readPoints().get(point).site() != Site.EMBEDDING)
                    .flatMap(point ->
                            Arrays.stream(result.cells(lens, point).topIds(), position * topK, (position + 1) * topK));
            return IntStream.concat(best, named()).sorted().distinct().toArray();
        }

        private IntStream named() {
            return plan.targets().stream()
                    .filter(target -> target.target() instanceof TokenId || target.target() instanceof Text)
                    .mapToInt(target -> target.tokenIds().get(0));
        }

        private PositionTrajectory trajectory(int position, int[] ids, float[] logits, double minimumPeak) {
            var kept = new int[ids.length];
            var logProbs = new float[ids.length * points]; // [t * r]
            int count = 0;
            for (int token = 0; token < ids.length; token++) {
                int id = ids[token];
                double peak = 0;
                for (int i = 0; i < points; i++) {
                    float logProb = logits[i * ids.length + token]
                            - result.cells(lens, i).logSumExps()[position];
                    logProbs[count * points + i] = Math.min(0, logProb);
                    peak = Math.max(peak, Math.exp(logProb));
                }
                if (peak >= minimumPeak || named().anyMatch(named -> named == id)) {
                    kept[count++] = id;
                }
            }
            return new PositionTrajectory(
                    lens, position, Arrays.copyOf(kept, count), Arrays.copyOf(logProbs, count * points));
        }

        /** Logits of each position's tokens, [r * t]. */
        private float[][] logits(int first, int[][] ids) {
            List<Cell> cells = IntStream.range(0, points * ids.length)
                    .mapToObj(i -> rows.layout().cell(result, lens, i / ids.length, first + i % ids.length))
                    .toList();
            try (TorchScope step = rows.scope()) {
                return kernel.logits(rows.through(plan.lenses().get(lens), step, cells), ids);
            }
        }
    }
}
