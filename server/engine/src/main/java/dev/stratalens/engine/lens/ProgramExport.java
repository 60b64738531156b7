package dev.stratalens.engine.lens;

import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.lens.kernel.DeviceHeadKernel;
import dev.stratalens.engine.lens.pass.FiniteLogits;
import dev.stratalens.engine.lens.pass.LensPass;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.ProgramRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Computes a whole lens with the form of the head for devices, and records every call for a machine with a card. The
 * processor stands in for the devices.
 *
 * @param precision compute type
 * @param stages number of devices of the blocks; fewer if there are fewer blocks
 * @param tokens length of the prompt
 */
public record ProgramExport(Precision precision, int stages, int tokens) {

    private static final int TOP_K = 5;
    private static final long WORK_BYTES = 1 << 20;

    /** Records a model. */
    public void write(Checkpoint checkpoint, Path folder) throws IOException {
        try (var recording = ProgramRecording.start(folder);
                var model = CausalLanguageModel.load(
                        checkpoint,
                        precision,
                        sizes -> Placement.inStages(
                                IntStream.range(
                                                0,
                                                Math.min(stages, sizes.blocks().size()))
                                        .mapToObj(Device::cpu)
                                        .toList(),
                                sizes.blocks().size()),
                        (done, total) -> {});
                var lenses = new Lenses(model, List.of());
                var kernel = new DeviceHeadKernel(model.head(), WORK_BYTES)) {
            recording.recordCalls();
            var outcome = new AwaitedOutcome(readout -> {});
            new LensPass(
                            model,
                            lenses,
                            Map.of(model.placement().head(), kernel),
                            new FiniteLogits(model, List.of()),
                            List.of(new WantedPlan(plan(model), outcome, () -> false)),
                            Interlude.NONE)
                    .run();
            outcome.get();
        }
    }

    private LensPlan plan(CausalLanguageModel model) {
        int vocabulary = model.architecture().extents().vocabulary();
        int count = Math.min(tokens, model.architecture().extents().context());
        return new LensPlan(
                IntStream.range(0, count).map(i -> (3 + 7 * i) % vocabulary).toArray(),
                List.of(new RequestedLens.Logit(), new RequestedLens.Raw()),
                IntStream.range(-1, model.architecture().extents().blocks())
                        .mapToObj(block -> block < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(block))
                        .toList(),
                IntStream.range(0, count).toArray(),
                TOP_K,
                List.of(new PlannedTarget(new RequestedTarget.NextToken(), List.of())),
                EnumSet.allOf(Statistic.class),
                OptionalDouble.of(0));
    }
}
