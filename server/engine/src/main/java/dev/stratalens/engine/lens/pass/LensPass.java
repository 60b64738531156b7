package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.pass.CellBlocks.Block;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Several tasks on their way: one forward pass over their packed prompts, the last block's distributions, then every asked
 * layer in stacked rows, then the trajectories.
 */
public final class LensPass {

    private final CausalLanguageModel model;
    private final HeadReader reader;
    private final PassTimes times;
    private final int lastBlock;
    private final List<LensRun> runs = new ArrayList<>();

    public LensPass(CausalLanguageModel model, HeadReader reader, List<LensTask> tasks, Interlude interlude) {
        this.model = model;
        this.reader = reader;
        this.times = new PassTimes(interlude);
        this.lastBlock = model.architecture().sizes().blockCount() - 1;
        int positions = 0;
        for (LensTask task : tasks) {
            runs.add(new LensRun(task, positions, lastBlock));
            positions += task.plan().positions().length;
        }
    }

    // Throwable: whatever ends the pass must reach every caller and must not end the thread that serves the others.
    public void run() {
        try (TorchScope scope = model.decoder().requestScope()) {
            compute(scope);
        } catch (Throwable failure) {
            runs.forEach(run -> run.fail(failure));
        }
    }

    private void compute(TorchScope scope) {
        var layout = new PassLayout(runs, lastBlock);
        Cancellation unwanted = () -> runs.stream().allMatch(LensRun::isUnwanted);
        TorchTensor store = new ForwardPass(model, layout, times).run(scope);
        unwanted.throwIfCancelled();
        var output = new ModelOutput(reader, layout, store, lastBlock, scope);
        var layers = new BlockReader(reader, layout, store, output, unwanted);
        var blocks = new CellBlocks(layout, lastBlock, reader.projection().rowLimit());
        for (Block block = blocks.next(); !block.isEmpty(); block = blocks.next()) {
            times.takeInterlude();
            layers.read(block);
        }
        var trajectories = new TrajectoryReader(reader, layout, store);
        for (LensRun run : runs) {
            run.attempt(() -> {
                layers.finish(run);
                OptionalDouble peak = run.plan().minimumPeak();
                long omitted = peak.isPresent() ? trajectories.read(run, peak.getAsDouble()) : 0;
                run.throwIfUnwanted();
                run.complete(times, omitted);
            });
        }
    }
}
