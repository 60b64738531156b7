package dev.stratalens.engine.lens.sweep;

import dev.stratalens.engine.error.DeviceMemoryException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.intervention.InterventionResolver;
import dev.stratalens.engine.lens.intervention.OutputDistribution;
import dev.stratalens.engine.lens.intervention.ResolvedChanges;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.plan.Interventions;
import dev.stratalens.engine.lens.plan.Interventions.Sweep;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedSweep.Heads;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.SelfCheck;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Decoder;
import dev.stratalens.engine.model.LayerSink;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.model.PromptState;
import dev.stratalens.engine.model.change.RowChange;
import dev.stratalens.engine.model.change.RowChanges;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Computes the cells of a sweep. One pass over the unchanged prompt shows each block's input; there the cells of the block begin,
 * several at a time. If each block remembers every token, a cell also begins at its token: those before it are what they were.
 */
public final class SweepPass {

    /** Tokens of the cells that pass the blocks together; a longer cell passes alone. */
    public static final int PACK_TOKENS = 256;

    private final CausalLanguageModel model;
    private final Lenses lenses;
    private final WantedPlan wanted;
    private final LensPlan plan;
    private final Sweep sweep;
    private final Interlude interlude;
    private final MetricReader metrics;
    private final int blocks;
    private long done;
    private long pausedNanos;
    private boolean outOfMemory;

    /**
     * A sweep that has not begun.
     *
     * @param kernel of the head that reads the model's own output
     */
    public SweepPass(
            CausalLanguageModel model, Lenses lenses, HeadKernel kernel, WantedPlan wanted, Interlude interlude) {
        this.model = model;
        this.lenses = lenses;
        this.wanted = wanted;
        this.plan = wanted.plan();
        this.sweep = plan.interventions().sweep().orElseThrow();
        this.interlude = interlude;
        this.metrics = new MetricReader(model.head(), kernel, sweep.metric().kind());
        this.blocks = model.architecture().extents().blocks();
    }

    /** Runs the sweep. A failure goes to the listener. */
    // Throwable: an error must reach the caller, and must not end the computing thread.
    public void run() {
        try {
            long start = System.nanoTime();
            wanted.listener().progress(Phase.FORWARD, 0, sweep.cellCount());
            compute();
            Duration computed = Duration.ofNanos(System.nanoTime() - start - pausedNanos);
            wanted.listener().completed(new LensOutcome(SelfCheck.NONE, computed, Duration.ZERO, 0));
        } catch (Throwable failure) {
            outOfMemory = failure instanceof DeviceMemoryException;
            wanted.listener().failed(failure);
        }
    }

    /** Whether a device had no memory left. The memory of the sweep is free again. */
    public boolean ranOutOfMemory() {
        return outOfMemory;
    }

    private void betweenBlocks() {
        wanted.cancellation().throwIfCanceled();
        wanted.listener().progress(Phase.FORWARD, done, sweep.cellCount());
        long begin = System.nanoTime();
        interlude.take();
        pausedNanos += System.nanoTime() - begin;
    }

    private void compute() {
        ResolvedChanges changes;
        try (var resolver = new InterventionResolver(model, lenses, this::betweenBlocks)) {
            changes = resolver.resolve(new Interventions(
                    List.of(sweep.change()), plan.interventions().sources(), Optional.empty()));
        }
        Decoder decoder = model.decoder();
        try (TorchScope scope = decoder.requestScope(model.head().device());
                PromptState state = decoder.emptyState()) {
            boolean fromToken = decoder.remembersEachToken();
            TorchTensor store = decoder.rowStore(scope, PACK_TOKENS);
            OutputDistribution unchanged = output(
                    plan.tokenIds(),
                    fromToken ? List.of(state) : List.of(),
                    store,
                    sweep.metric().position());
            wanted.listener().sweepBegins(unchanged.value(sweep.metric().kind(), unchanged), source(store, unchanged));
            var cells = new Cells(changes, state, fromToken, store, unchanged);
            decoder.forward(PackedPrompts.of(plan.tokenIds()), cells);
        }
    }

    /** The metric of the source prompt, if it has the position. */
    private OptionalDouble source(TorchTensor store, OutputDistribution unchanged) {
        int position = sweep.metric().position();
        if (sweep.change().operation() instanceof Interventions.Replace replace) {
            int[] ids = plan.interventions().sources().get(replace.source());
            if (position < ids.length) {
                return OptionalDouble.of(output(ids, List.of(), store, position)
                        .value(sweep.metric().kind(), unchanged));
            }
        }
        return OptionalDouble.empty();
    }

    private OutputDistribution output(int[] ids, List<PromptState> states, TorchTensor store, int position) {
        LayerSink last = (layer, residual, packed) -> {
            betweenBlocks();
            if (layer == blocks - 1) {
                keep(residual, new long[] {position}, store);
            }
            return packed;
        };
        model.decoder().forward(states, PackedPrompts.of(ids), last);
        OutputDistribution output = metrics.output(store, 0);
        requireFinite(output.logSumExp());
        return output;
    }

    private static void requireFinite(double value) {
        if (!Double.isFinite(value)) {
            throw InvalidFieldException.of(
                    "intervention",
                    Problem.OUT_OF_RANGE,
                    "what it makes of the rows",
                    "The logits of a changed pass are not finite. Use a smaller coefficient or vector.");
        }
    }

    private void keep(TorchTensor residual, long[] rows, TorchTensor store) {
        try (TorchScope step = model.head().scope()) {
            model.decoder()
                    .keepRows(
                            residual,
                            step.longs(rows, rows.length),
                            store,
                            step.longs(LongStream.range(0, rows.length).toArray(), rows.length),
                            0);
        }
    }

    /** Runs the cells of each block when its input is there. */
    private final class Cells implements LayerSink {

        private final ResolvedChanges changes;
        private final PromptState state;
        private final boolean fromToken;
        private final TorchTensor store;
        private final OutputDistribution unchanged;

        private Cells(
                ResolvedChanges changes,
                PromptState state,
                boolean fromToken,
                TorchTensor store,
                OutputDistribution unchanged) {
            this.changes = changes;
            this.state = state;
            this.fromToken = fromToken;
            this.store = store;
            this.unchanged = unchanged;
        }

        @Override
        public PackedPrompts accept(int layer, TorchTensor residual, PackedPrompts packed) {
            betweenBlocks();
            int block = layer + 1;
            int row = Arrays.binarySearch(sweep.change().blocks(), block);
            if (row >= 0) {
                List<GridCell> cells = cells(row);
                for (int first = 0; first < cells.size(); ) {
                    int end = packEnd(cells, first);
                    run(block, residual, cells.subList(first, end));
                    first = end;
                }
            }
            int lastBlock = sweep.change().blocks()[sweep.change().blocks().length - 1];
            return packed.keeping(index -> block < lastBlock);
        }

        private List<GridCell> cells(int row) {
            var cells = new ArrayList<GridCell>();
            int[] heads = sweep.change().heads();
            long index = (long) row * sweep.change().positions().length * sweep.headCells();
            for (int position : sweep.change().positions()) {
                for (int cell = 0; cell < sweep.headCells(); cell++) {
                    cells.add(new GridCell(
                            index++, position, sweep.heads() == Heads.EACH ? new int[] {heads[cell]} : heads));
                }
            }
            return cells;
        }

        private int first(GridCell cell) {
            return fromToken ? cell.position() : 0;
        }

        private int length(GridCell cell) {
            return plan.tokenIds().length - first(cell);
        }

        private int packEnd(List<GridCell> cells, int first) {
            int end = first + 1;
            int tokens = length(cells.get(first));
            while (end < cells.size() && tokens + length(cells.get(end)) <= PACK_TOKENS) {
                tokens += length(cells.get(end++));
            }
            return end;
        }

        private void run(int block, TorchTensor residual, List<GridCell> pack) {
            // A token cannot change what is said before it.
            int metric = sweep.metric().position();
            List<GridCell> seen =
                    pack.stream().filter(cell -> cell.position() <= metric).toList();
            var values = new float[pack.size()];
            Arrays.fill(values, (float) unchanged.value(sweep.metric().kind(), unchanged));
            if (!seen.isEmpty()) {
                double[] computed = compute(block, residual, seen);
                for (int i = 0; i < computed.length; i++) {
                    requireFinite(computed[i]);
                    values[pack.indexOf(seen.get(i))] = (float) computed[i];
                }
            }
            done += pack.size();
            wanted.listener().sweepCells(pack.get(0).index(), values);
        }

        private double[] compute(int block, TorchTensor residual, List<GridCell> pack) {
            PackedPrompts prompts = PackedPrompts.of(pack.stream()
                    .map(cell -> Arrays.copyOfRange(plan.tokenIds(), first(cell), plan.tokenIds().length))
                    .toArray(int[][]::new));
            long[] rows = pack.stream()
                    .flatMapToLong(cell -> LongStream.range(first(cell), plan.tokenIds().length))
                    .toArray();
            List<PromptState> states = fromToken
                    ? pack.stream().map(cell -> state.first(cell.position())).toList()
                    : List.of();
            long[] outputs = IntStream.range(0, pack.size())
                    .mapToLong(i -> prompts.start(i) + sweep.metric().position() - (long) first(pack.get(i)))
                    .toArray();
            LayerSink last = (layer, stream, packed) -> {
                betweenBlocks();
                if (layer == blocks - 1) {
                    keep(stream, outputs, store);
                }
                return packed;
            };
            model.decoder().forwardFrom(block, residual, rows, states, prompts, changesOf(block, pack), last);
            return metrics.values(store, pack.size(), unchanged);
        }

        private RowChanges changesOf(int changed, List<GridCell> pack) {
            Site site = sweep.change().site();
            List<RowChange> all = changes.at(new ReadPoint(changed, site), 0);
            List<RowChange> ofCells = new ArrayList<>();
            for (int i = 0; i < pack.size(); i++) {
                GridCell cell = pack.get(i);
                for (RowChange change : all) {
                    int[] heads = IntStream.of(cell.heads())
                            .filter(head -> Arrays.binarySearch(change.heads(), head) >= 0)
                            .toArray();
                    if (heads.length > 0) {
                        ofCells.add(change.only(i, cell.position(), heads));
                    }
                }
            }
            return (block, at) -> block == changed && at == site ? ofCells : List.of();
        }
    }
}
