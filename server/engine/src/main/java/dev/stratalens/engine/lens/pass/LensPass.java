package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.pass.CellBlocks.Block;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A pass for several plans: one forward pass over their packed prompts, the last block's distributions, then all lenses
 * and read points in stacked rows, then the trajectories.
 */
public final class LensPass {

    private final CausalLanguageModel model;
    private final HeadKernel kernel;
    private final FiniteLogits finite;
    private final PassTimes times;
    private final ReadPoint lastLayer;
    private final List<PlanResult> results = new ArrayList<>();

    /** @param kernel of the model's head */
    public LensPass(
            CausalLanguageModel model,
            HeadKernel kernel,
            FiniteLogits finite,
            List<WantedPlan> plans,
            Interlude interlude) {
        this.model = model;
        this.kernel = kernel;
        this.finite = finite;
        this.times = new PassTimes(interlude);
        this.lastLayer = ReadPoint.layer(model.architecture().extents().blocks() - 1);
        int positions = 0;
        for (WantedPlan plan : plans) {
            results.add(new PlanResult(plan, positions, lastLayer));
            positions += plan.plan().positions().length;
        }
    }

    /** Runs the pass. A failure goes to the listeners of the plans that it affects. */
    // Throwable: an error must reach every caller of the pass, and must not end the computing thread.
    public void run() {
        try (TorchScope scope = model.decoder().requestScope()) {
            compute(scope);
        } catch (Throwable failure) {
            results.forEach(result -> result.fail(failure));
        }
    }

    /** Whether a device had no memory left. The memory of the pass is free again. */
    public boolean ranOutOfMemory() {
        return results.stream().anyMatch(PlanResult::ranOutOfMemory);
    }

    private void compute(TorchScope scope) {
        var layout = new PassLayout(results, lastLayer);
        Cancellation unwanted = () -> results.stream().allMatch(PlanResult::isUnwanted);
        TorchTensor store = new ForwardPass(model, layout, times).run(scope);
        unwanted.throwIfCanceled();
        results.forEach(result -> result.begin(Phase.LENS, result.rows()));
        var rows = new ResidualRows(model.head(), layout, store);
        var output = new ModelOutput(kernel, rows, finite, lastLayer, scope);
        var cells = new BlockReader(kernel, rows, output, finite, unwanted);
        var blocks = new CellBlocks(layout, lastLayer, kernel.rowLimit());
        for (Block block = blocks.next(); !block.isEmpty(); block = blocks.next()) {
            times.takeInterlude();
            cells.read(block);
            layout.report();
        }
        var trajectories = new TokenTracker(kernel, rows);
        for (PlanResult result : results) {
            result.attempt(() -> {
                cells.finish(result);
                OptionalDouble peak = result.plan().minimumPeak();
                long omitted = peak.isPresent() ? trajectories.read(result, peak.getAsDouble()) : 0;
                result.throwIfUnwanted();
                result.complete(times, omitted);
            });
        }
    }
}
