package dev.stratalens.engine.lens.pass;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.pass.result.PassTimes;
import dev.stratalens.engine.lens.pass.result.PlanResult;
import dev.stratalens.engine.lens.pass.result.UnchangedPlan;
import dev.stratalens.engine.lens.plan.Interventions.Effect;
import dev.stratalens.engine.lens.plan.Interventions.Metric;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.CandidateRule;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.change.RowChanges;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A pass for several plans: one forward pass over their packed prompts, the last block's distributions, then all lenses
 * and read points in stacked rows, then the trajectories.
 *
 * <p>Rows are read by the head of their device if it has one. Devices do not wait for each other, so those of the first
 * blocks are read while the last blocks are computed; unless cells are compared with others, so that all rows must be on
 * one device.
 */
public final class LensPass {

    private final CausalLanguageModel model;
    private final Lenses lenses;
    private final Map<Device, HeadKernel> kernels;
    private final FiniteLogits finite;
    private final PassTimes times;
    private final ReadPoint lastLayer;
    private final List<PlanResult> results = new ArrayList<>();
    private final boolean comparesCells;
    private final boolean asksForOutput;

    /**
     * A pass that has not begun.
     *
     * @param lenses of the model
     * @param kernels of the model's heads, or of some, by device; the placement's first head must have one
     */
    public LensPass(
            CausalLanguageModel model,
            Lenses lenses,
            Map<Device, HeadKernel> kernels,
            FiniteLogits finite,
            List<WantedPlan> plans,
            Interlude interlude) {
        this.model = model;
        this.lenses = lenses;
        this.kernels = kernels;
        this.finite = finite;
        this.times = new PassTimes(interlude);
        this.lastLayer = ReadPoint.layer(model.architecture().extents().blocks() - 1);
        int positions = 0;
        for (WantedPlan plan : plans) {
            Optional<Effect> effect = plan.plan().interventions().effect();
            List<Integer> metricPositions =
                    effect.map(LensPass::metricPositions).orElse(List.of());
            Optional<PlanResult> unchanged = Optional.empty();
            if (effect.isPresent()) {
                unchanged = Optional.of(new PlanResult(
                        UnchangedPlan.of(plan, effect.get()), positions, lastLayer, metricPositions, unchanged));
                results.add(unchanged.get());
                positions += plan.plan().positions().length;
            }
            results.add(new PlanResult(plan, positions, lastLayer, metricPositions, unchanged));
            positions += plan.plan().positions().length;
        }
        this.asksForOutput = results.stream().anyMatch(PlanResult::readsOutputFirst);
        this.comparesCells = results.stream()
                .anyMatch(result -> result.wants(Statistic.KL_FROM_FINAL)
                        || result.wants(Statistic.KL_FROM_NEXT)
                        || result.plan().candidates().rule() instanceof CandidateRule.Contrast);
    }

    private static List<Integer> metricPositions(Effect effect) {
        return effect.metrics().stream().map(Metric::position).distinct().toList();
    }

    /** Runs the pass. A failure goes to the listeners of the plans that it affects. */
    // Throwable: an error must reach every caller of the pass, and must not end the computing thread.
    public void run() {
        try {
            compute();
        } catch (Throwable failure) {
            results.forEach(result -> result.fail(failure));
        }
    }

    /** Whether a device had no memory left. The memory of the pass is free again. */
    public boolean ranOutOfMemory() {
        return results.stream().anyMatch(PlanResult::ranOutOfMemory);
    }

    /** The device of a read point's block if its head may read there, else that of the output. */
    private Device device(ReadPoint point) {
        Device main = model.placement().head();
        Device own = model.placement().deviceOf(Math.max(0, point.block()));
        return point.equals(lastLayer) || !kernels.containsKey(own) || comparesCells ? main : own;
    }

    /** Each device reads while the others are waited for. */
    private void read(List<HeadTurn> turns, PassLayout layout) {
        var left = new ArrayList<>(turns);
        while (!left.isEmpty()) {
            for (HeadTurn turn : List.copyOf(left)) {
                boolean alone = left.size() == 1;
                if (turn.hasNext()) {
                    times.takeInterlude();
                    turn.finish();
                    turn.begin();
                } else {
                    left.remove(turn);
                }
                if (alone || !left.contains(turn)) {
                    turn.finish();
                }
                layout.report();
            }
        }
    }

    private void compute() {
        var layout = new PassLayout(results, lastLayer, this::device);
        try (DeviceScopes scopes = new DeviceScopes(model.decoder(), layout.devices())) {
            compute(layout, scopes);
        }
    }

    private void compute(PassLayout layout, DeviceScopes scopes) {
        Cancellation unwanted = () -> results.stream().allMatch(PlanResult::isUnwanted);
        RowChanges changes = ChangedPasses.of(model, lenses, results, () -> {
            layout.report();
            times.takeInterlude();
        });
        ForwardPass.Kept kept = new ForwardPass(model, layout, times, changes).run(scopes);
        unwanted.throwIfCanceled();
        results.forEach(result -> result.begin(Phase.LENS, result.rows()));
        var heads = new LinkedHashMap<Device, HeadRows>();
        kept.stores()
                .forEach((device, store) -> heads.put(
                        device,
                        new HeadRows(
                                requireNonNull(kernels.get(device)),
                                new ResidualRows(model.head(device), lenses, layout, store))));
        Device main = model.placement().head();
        HeadRows ofOutput = requireNonNull(heads.get(main));
        var output = new ModelOutput(ofOutput.kernel(), ofOutput.rows(), finite, lastLayer, scopes.on(main));
        var cells = new BlockReader(ofOutput, output, finite, model.head().vocabularySize(), unwanted);
        int rowLimit = heads.values().stream()
                .mapToInt(head -> head.kernel().rowLimit())
                .min()
                .orElseThrow();
        List<HeadTurn> turns = new ArrayList<>();
        heads.forEach((device, head) -> turns.add(
                device.equals(main) && asksForOutput ? 0 : turns.size(),
                new HeadTurn(head, new CellBlocks(layout, lastLayer, rowLimit, device), cells)));
        try {
            if (asksForOutput) {
                turns.forEach(turn -> read(List.of(turn), layout));
            } else {
                read(turns, layout);
            }
        } finally {
            turns.forEach(HeadTurn::close);
        }
        var trajectories = new TokenTracker(heads, layout, rowLimit);
        try (var attributions = new AttributionReader(model, layout, kept, lastLayer);
                var effects = new EffectReader(model, ofOutput.kernel(), layout, kept)) {
            for (PlanResult result : results) {
                result.attempt(() -> {
                    cells.finish(result);
                    OptionalDouble peak = result.plan().minimumPeak();
                    long omitted = peak.isPresent() ? trajectories.read(result, peak.getAsDouble()) : 0;
                    attributions.read(result);
                    effects.read(result);
                    result.throwIfUnwanted();
                    result.complete(times, omitted);
                });
            }
        }
    }
}
