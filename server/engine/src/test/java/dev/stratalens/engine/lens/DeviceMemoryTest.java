package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.DeviceMemoryException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.FailingKernel;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A model in two stages whose second device has no memory for one of its tiles: the library's own failure. */
class DeviceMemoryTest {

    private static final List<Device> DEVICES = List.of(Device.cpu(0), Device.cpu(1));

    private record GivenBack(List<Device> devices, int openTensors) {}

    private final ParityCase parity = ParityCases.named("llama");
    private final CausalLanguageModel model = CausalLanguageModel.load(
            CheckpointReader.open(parity.modelDirectory()),
            Precision.FLOAT32,
            sizes -> Placement.inStages(DEVICES, sizes.blocks().size()),
            (done, total) -> {});
    private final FailingKernel kernel =
            new FailingKernel(HeadForm.DEVICE.of(model.head(), new TileGeometry(8, 256)), DEVICES.get(1));
    private final List<GivenBack> givenBack = new ArrayList<>();
    private final LoadedModel lens = new LoadedModel(
            parity.name(),
            model,
            new FakeTokenizer(),
            Map.of(DEVICES.get(1), kernel),
            new Lenses(model, List.of()),
            2,
            devices -> givenBack.add(
                    new GivenBack(List.copyOf(devices), model.tensors().open())));

    @AfterEach
    void close() {
        lens.close();
    }

    @Test
    void theRequestFailsWithNumbersItsMemoryIsGivenBackAndTheNextOneRuns() {
        var before = new RecordingListener();
        lens.run(plan(), before, () -> false);
        int open = model.tensors().open();
        kernel.failAtRead(3);
        var first = new RecordingPlan(plan());
        var beside = new RecordingPlan(plan());

        lens.run(List.of(first.wanted(), beside.wanted()), Interlude.NONE);

        var failure = assertInstanceOf(DeviceMemoryException.class, first.failure());
        assertEquals(FailingKernel.PIECE, failure.neededBytes());
        assertTrue(
                failure.getMessage()
                        .startsWith(
                                "cpu:1 ran out of memory: a piece of 18,014,398,509,481,984 bytes was needed, 0 were free."),
                failure.getMessage());
        assertInstanceOf(DeviceMemoryException.class, beside.failure());
        assertEquals(List.of(new GivenBack(DEVICES, open)), givenBack, "once, after the tensors of the pass are freed");
        var after = new RecordingListener();
        lens.run(plan(), after, () -> false);
        assertEquals(before.layers.size(), after.layers.size());
        for (int i = 0; i < before.layers.size(); i++) {
            assertArrayEquals(before.layers.get(i).topIds(), after.layers.get(i).topIds());
            assertArrayEquals(
                    before.layers.get(i).topLogProbs(), after.layers.get(i).topLogProbs());
        }
        assertEquals(1, givenBack.size());
    }

    @Test
    void otherFailuresGiveNothingBack() {
        var failing = new RecordingPlan(plan());
        failing.failAtTargets(new IllegalStateException("reader is gone"));

        lens.run(List.of(failing.wanted()), Interlude.NONE);

        assertEquals("reader is gone", failing.failure().getMessage());
        assertEquals(List.of(), givenBack);
    }

    private LensPlan plan() {
        return new LensPlan(
                parity.tokenIds(),
                List.of(new RequestedLens.Logit()),
                IntStream.range(0, parity.layers()).mapToObj(ReadPoint::layer).toList(),
                IntStream.range(0, parity.tokens()).toArray(),
                3,
                List.of(),
                EnumSet.noneOf(Statistic.class),
                OptionalDouble.empty());
    }
}
