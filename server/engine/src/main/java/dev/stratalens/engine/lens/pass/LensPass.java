package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.kernel.HeadReader;
import dev.stratalens.engine.lens.pass.CellBlocks.Block;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.result.Cancellation;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensListener.Phase;
import dev.stratalens.engine.lens.result.LensTask;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Several tasks on their way: one forward pass over their packed prompts, the last block's distributions, then every asked
 * lens and read point in stacked rows, then the trajectories.
 */
public final class LensPass {

    private final CausalLanguageModel model;
    private final HeadReader reader;
    private final PassTimes times;
    private final ReadPoint lastLayer;
    private final Lenses lenses;
    private final List<LensRun> runs = new ArrayList<>();

    public LensPass(CausalLanguageModel model, HeadReader reader, List<LensTask> tasks, Interlude interlude) {
        this.model = model;
        this.reader = reader;
        this.times = new PassTimes(interlude);
        this.lastLayer = ReadPoint.layer(model.architecture().sizes().blockCount() - 1);
        this.lenses = new Lenses(model.head());
        int positions = 0;
        for (LensTask task : tasks) {
            runs.add(new LensRun(task, positions, lastLayer));
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
        var layout = new PassLayout(runs, lastLayer);
        Cancellation unwanted = () -> runs.stream().allMatch(LensRun::isUnwanted);
        TorchTensor store = new ForwardPass(model, layout, times).run(scope);
        unwanted.throwIfCancelled();
        runs.forEach(run -> run.begin(Phase.LENS, run.rows()));
        var output = new ModelOutput(reader, layout, store, layout.firstRow(lastLayer), scope);
        var cells = new BlockReader(reader, lenses, layout, store, output, unwanted);
        var blocks = new CellBlocks(layout, lastLayer, reader.projection().rowLimit());
        for (Block block = blocks.next(); !block.isEmpty(); block = blocks.next()) {
            times.takeInterlude();
            cells.read(block);
            runs.forEach(LensRun::report);
        }
        var trajectories = new TrajectoryReader(reader, lenses, layout, store);
        for (LensRun run : runs) {
            run.attempt(() -> {
                cells.finish(run);
                OptionalDouble peak = run.plan().minimumPeak();
                long omitted = peak.isPresent() ? trajectories.read(run, peak.getAsDouble()) : 0;
                run.throwIfUnwanted();
                run.complete(times, omitted);
            });
        }
    }
}
