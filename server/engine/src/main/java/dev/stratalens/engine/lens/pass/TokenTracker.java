package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedTarget.Text;
import dev.stratalens.engine.lens.request.RequestedTarget.TokenId;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Computes the trajectories of tracked tokens over all read points: their unembedding rows times the position's rows,
 * minus each cell's log-sum-exp. It needs no stored logits.
 */
final class TokenTracker {

    private final Map<Device, HeadRows> heads;
    private final PassLayout layout;
    private final int rowLimit;

    /** @param heads of all devices with rows */
    TokenTracker(Map<Device, HeadRows> heads, PassLayout layout, int rowLimit) {
        this.heads = heads;
        this.layout = layout;
        this.rowLimit = rowLimit;
    }

    /** Passes on the trajectories of every position, lens by lens. Returns the number left out by the minimum peak. */
    long read(PlanResult result, double minimumPeak) {
        int lensCount = result.plan().lenses().size();
        result.begin(Phase.TRAJECTORIES, (long) lensCount * result.positions());
        long omitted = 0;
        for (int lens = 0; lens < lensCount; lens++) {
            omitted += new OneLens(result, lens).read(minimumPeak);
        }
        return omitted;
    }

    /** Trajectories of a plan with one of its lenses. */
    private final class OneLens {

        private final PlanResult result;
        private final LensPlan plan;
        private final int lens;
        /** The read points that the lens has. */
        private final List<Integer> points;

        private OneLens(PlanResult result, int lens) {
            this.result = result;
            this.plan = result.plan();
            this.lens = lens;
            this.points = plan.coverage().get(lens).readPoints();
        }

        private long read(double minimumPeak) {
            int group = Math.max(1, rowLimit / points.size());
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
                layout.report();
            }
            return omitted;
        }

        /** The tracked tokens: top-k tokens of all layers (not the embedding) and named targets, ascending. */
        private int[] tracked(int position) {
            int topK = plan.topK();
            IntStream best = points.stream()
                    .mapToInt(Integer::intValue)
                    .filter(point -> plan.readPoints().get(point).isLayer())
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
            var logProbs = new float[ids.length * points.size()]; // [t * r]
            int count = 0;
            for (int token = 0; token < ids.length; token++) {
                int id = ids[token];
                double peak = 0;
                for (int i = 0; i < points.size(); i++) {
                    float logProb = logits[i * ids.length + token]
                            - result.cells(lens, points.get(i)).logSumExps()[position];
                    logProbs[count * points.size() + i] = Math.min(0, logProb);
                    peak = Math.max(peak, Math.exp(logProb));
                }
                if (peak >= minimumPeak || named().anyMatch(named -> named == id)) {
                    kept[count++] = id;
                }
            }
            return new PositionTrajectory(
                    lens, position, Arrays.copyOf(kept, count), Arrays.copyOf(logProbs, count * points.size()));
        }

        /** Logits of each position's tokens, [r * t], read on the device of each read point. */
        private float[][] logits(int first, int[][] ids) {
            int[] all = IntStream.range(0, points.size()).toArray();
            if (heads.size() == 1) {
                return logits(heads.values().iterator().next(), all, first, ids);
            }
            var logits = new float[ids.length][];
            Arrays.setAll(logits, i -> new float[points.size() * ids[i].length]);
            heads.forEach((device, head) -> {
                int[] here = IntStream.of(all)
                        .filter(point -> layout.device(plan.readPoints().get(points.get(point)))
                                .equals(device))
                        .toArray();
                if (here.length > 0) {
                    float[][] some = logits(head, here, first, ids);
                    for (int i = 0; i < ids.length; i++) {
                        for (int row = 0; row < here.length; row++) {
                            System.arraycopy(
                                    some[i], row * ids[i].length, logits[i], here[row] * ids[i].length, ids[i].length);
                        }
                    }
                }
            });
            return logits;
        }

        /** @param rows places of the read points among those of the lens */
        private float[][] logits(HeadRows head, int[] rows, int first, int[][] ids) {
            List<Cell> cells = IntStream.range(0, rows.length * ids.length)
                    .mapToObj(i -> layout.cell(result, lens, points.get(rows[i / ids.length]), first + i % ids.length))
                    .toList();
            try (TorchScope step = head.rows().scope()) {
                return head.kernel().logits(head.rows().through(plan.lenses().get(lens), step, cells), ids);
            }
        }
    }
}
