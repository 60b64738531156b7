package dev.stratalens.server.lens;

import dev.stratalens.server.lens.LensPlan.Normalisation;
import dev.stratalens.server.model.CausalLanguageModel;
import dev.stratalens.server.model.Head;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One plan on its way: forward pass, the last block's distribution, then every asked layer in stacked rows, then the
 * trajectories.
 */
final class LensRun {

    private final CausalLanguageModel model;
    private final Head head;
    private final TiledProjection projection;
    private final LensPlan plan;
    private final LensListener listener;
    private final Cancellation cancellation;
    private final TorchScope scope;
    private final int positions;
    private final LayerArrays[] layers;
    /** Whether the last asked layer is the model's own output, which is read first. */
    private final boolean lastIsFinal;

    private int emitted;

    /** @param scope owner of the request's tensors */
    LensRun(
            CausalLanguageModel model,
            TiledProjection projection,
            LensPlan plan,
            LensListener listener,
            Cancellation cancellation,
            TorchScope scope) {
        this.model = model;
        this.head = model.head();
        this.projection = projection;
        this.plan = plan;
        this.listener = listener;
        this.cancellation = cancellation;
        this.scope = scope;
        this.positions = plan.positions().length;
        this.layers = new LayerArrays[plan.layers().length];
        int lastLayer = plan.layers()[plan.layers().length - 1];
        this.lastIsFinal = lastLayer == lastBlock() && plan.normalisation() == Normalisation.FINAL_NORM;
        for (int i = 0; i < layers.length; i++) {
            layers[i] = new LayerArrays(plan);
        }
    }

    LensOutcome run() {
        long start = System.nanoTime();
        ResidualRows rows = new ForwardPass(model, plan, listener, cancellation).run(scope);
        long forwardEnd = System.nanoTime();
        FinalReadout last = FinalReadout.read(
                head,
                projection,
                plan,
                scope,
                rows,
                lastIsFinal ? layers[layers.length - 1] : new LayerArrays(plan),
                cancellation);
        listener.targets(last.targets());
        readLayers(rows, last);
        long omitted = plan.minimumPeak().isPresent()
                ? new TrajectoryReader(head, plan, rows, layers, cancellation).read(scope, listener)
                : 0;
        return new LensOutcome(
                last.selfCheck(),
                Duration.ofNanos(forwardEnd - start),
                Duration.ofNanos(System.nanoTime() - forwardEnd),
                omitted);
    }

    private int lastBlock() {
        return model.architecture().sizes().blockCount() - 1;
    }

    /** Stacks the rows of many layers, because for short prompts the cost is reading the unembedding. */
    private void readLayers(ResidualRows rows, FinalReadout last) {
        int stacked = lastIsFinal ? rows.asked() - positions : rows.asked();
        for (int first = 0; first < stacked; first += projection.rowLimit()) {
            int end = Math.min(first + projection.rowLimit(), stacked);
            readRows(rows, first, end, last);
            emit(end / positions);
        }
        if (lastIsFinal && wants(Statistic.KL_FROM_NEXT) && layers.length > 1) {
            for (int j = 0; j < positions; j += projection.rowLimit()) {
                int count = Math.min(projection.rowLimit(), positions - j);
                addKlFromNext(
                        rows,
                        stacked + j,
                        last.entropiesFrom(j, count),
                        last.expectations().orElseThrow(),
                        j);
            }
        }
        emitAll();
    }

    private void readRows(ResidualRows rows, int first, int end, FinalReadout last) {
        int count = end - first;
        try (TorchScope step = scope.child()) {
            TorchTensor input = input(step, rows, first, end);
            RowTargets targets =
                    RowTargets.of(head, step, input, first, last.targets().targetIds(), plan);
            var statistics = targets.statistics(count, RowReadout.keptFor(plan.topK(), head));
            Optional<UnembeddingExpectation> expectation = wants(Statistic.KL_FROM_NEXT)
                    ? Optional.of(new UnembeddingExpectation(
                            head, step, input, head.expectationSums(step, count), statistics))
                    : Optional.empty();
            List<TileObserver> observers =
                    expectation.<TileObserver>map(observer -> observer).stream().toList();
            projection.read(input, statistics, observers, cancellation);
            RowReadout readout = RowReadout.of(head, step, input, statistics, plan.topK());
            for (int row = 0; row < count; row++) {
                CellWriter.write(
                        readout, statistics, row, layers[(first + row) / positions], (first + row) % positions, plan);
            }
            if (wants(Statistic.KL_FROM_FINAL)) {
                addKlFromFinal(step, input, first, last);
            }
            expectation.ifPresent(next -> {
                TorchTensor expectations = next.finish();
                int skipped = Math.max(0, positions - first); // the first layer is nobody's next
                if (skipped < count) {
                    double[] entropies = IntStream.range(skipped, count)
                            .mapToDouble(statistics::entropy)
                            .toArray();
                    addKlFromNext(rows, first + skipped, entropies, expectations, skipped);
                }
            });
        }
    }

    /** Rows before the unembedding, float32. */
    private TorchTensor input(TorchScope step, ResidualRows rows, int first, int end) {
        return plan.normalisation().apply(head, step, head.slice(step, rows.store(), first, end));
    }

    /** KL(final || layer) = lse_layer - H_final - E_final[z_layer]. */
    private void addKlFromFinal(TorchScope step, TorchTensor input, int first, FinalReadout last) {
        long[] which = new long[input.rows()];
        for (int i = 0; i < which.length; i++) {
            which[i] = Math.floorMod(first + i, positions);
        }
        float[] expected = head.expectedLogits(step, input, last.expectations().orElseThrow(), which);
        for (int i = 0; i < which.length; i++) {
            LayerArrays layer = layers[(first + i) / positions];
            int j = (first + i) % positions;
            layer.klFromFinals[j] = kl(layer.logSumExps[j], last.entropy(j), expected[i]);
        }
    }

    /**
     * Adds KL(next || layer) to the layer before each of the given rows.
     *
     * @param first row whose distribution is the first "next"
     * @param entropies of the next distributions
     * @param expectations of the next distributions; the first one's is at index {@code firstExpectation}
     */
    private void addKlFromNext(
            ResidualRows rows, int first, double[] entropies, TorchTensor expectations, int firstExpectation) {
        try (TorchScope step = scope.child()) {
            int before = first - positions;
            TorchTensor input = input(step, rows, before, before + entropies.length);
            long[] which = new long[entropies.length];
            for (int i = 0; i < which.length; i++) {
                which[i] = (long) firstExpectation + i;
            }
            float[] expected = head.expectedLogits(step, input, expectations, which);
            for (int i = 0; i < which.length; i++) {
                LayerArrays layer = layers[(before + i) / positions];
                int j = (before + i) % positions;
                layer.klFromNexts[j] = kl(layer.logSumExps[j], entropies[i], expected[i]);
            }
        }
    }

    /** Rounding can make it negative by 1e-6. */
    private static float kl(double logSumExp, double entropy, double expectedLogit) {
        return (float) Math.max(0, logSumExp - entropy - expectedLogit);
    }

    /** Hands over layers that are complete; with KL to the next layer, that needs the next one too. */
    private void emit(int completeLayers) {
        int ready = wants(Statistic.KL_FROM_NEXT) ? completeLayers - 1 : completeLayers;
        while (emitted < ready) {
            listener.layer(layers[emitted].readout(plan.layers()[emitted]));
            emitted++;
            listener.lensProgress(emitted, layers.length);
        }
    }

    private void emitAll() {
        emit(wants(Statistic.KL_FROM_NEXT) ? layers.length + 1 : layers.length);
    }

    private boolean wants(Statistic statistic) {
        return plan.statistics().contains(statistic);
    }
}
