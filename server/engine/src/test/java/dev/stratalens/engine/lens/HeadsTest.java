package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.LoggingKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.DeviceCaches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A head on each device of a model in stages: each reads the rows of its blocks, and the others need not wait for it. */
class HeadsTest {

    private static final int TOKENS = 5;
    private static final Device FIRST = Device.cpu(0);
    private static final Device SECOND = Device.cpu(1);
    private static final Device THIRD = Device.cpu(2);
    private static final Set<Statistic> OF_A_ROW =
            EnumSet.complementOf(EnumSet.of(Statistic.KL_FROM_FINAL, Statistic.KL_FROM_NEXT));
    private static final RequestedTarget NEXT = new RequestedTarget.NextToken();

    /** In order: blocks ("forward"), and what is begun and waited for on which device. */
    private final List<String> events = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2"})
    void eachHeadReadsItsBlocksBitByBitAsOneHeadReadsAll(String name) {
        ParityCase parity = ParityCases.named(name);
        for (HeadForm form : HeadForm.values()) {
            List<RecordingPlan> one = run(parity, form, List.of(SECOND), plans(parity, OF_A_ROW, NEXT));
            List<RecordingPlan> each = run(parity, form, List.of(SECOND, FIRST), plans(parity, OF_A_ROW, NEXT));

            assertEquals(Set.of("begin cpu:0", "begin cpu:1"), readers());
            for (int i = 0; i < one.size(); i++) {
                assertSame(one.get(i).results, each.get(i).results);
                assertEquals(
                        one.get(i).outcome().omittedRows(),
                        each.get(i).outcome().omittedRows());
            }
        }
    }

    @Test
    void theFirstDeviceReadsWhileTheLastComputesAndNeitherWaitsForTheOther() {
        ParityCase parity = ParityCases.named("llama");

        run(parity, HeadForm.DEVICE, List.of(SECOND, FIRST), plans(parity, OF_A_ROW, NEXT));

        // All calls of the blocks are on their way by then; on a card, none of them waits.
        int blocks = parity.layers();
        assertEquals(Collections.nCopies(blocks, "forward"), events.subList(0, blocks));
        assertEquals(
                List.of("begin cpu:0", "begin cpu:1", "wait cpu:0", "begin cpu:0", "wait cpu:1", "begin cpu:1"),
                events.subList(blocks, blocks + 6));
        // A device that is waited for while another has work left has been given its work before the other.
        long waits = events.stream().filter(event -> event.startsWith("wait")).count();
        assertEquals(
                waits,
                events.stream().filter(event -> event.startsWith("begin")).count());
    }

    @Test
    void whatIsComparedWithTheOutputIsReadWhereTheOutputIs() {
        ParityCase parity = ParityCases.named("llama");
        for (Statistic statistic : List.of(Statistic.KL_FROM_FINAL, Statistic.KL_FROM_NEXT)) {
            events.clear();
            run(parity, HeadForm.DEVICE, List.of(SECOND, FIRST), plans(parity, Set.of(statistic), NEXT));

            assertEquals(Set.of("begin cpu:1"), readers());
        }
    }

    @Test
    void aTargetOfTheOutputIsKnownBeforeTheFirstDeviceIsRead() {
        ParityCase parity = ParityCases.named("llama");
        List<LensPlan> plans = plans(parity, OF_A_ROW, new RequestedTarget.FinalTop());
        List<RecordingPlan> one = run(parity, HeadForm.DEVICE, List.of(SECOND), plans);
        events.clear();
        List<RecordingPlan> each = run(parity, HeadForm.DEVICE, List.of(SECOND, FIRST), plans);

        assertTrue(events.indexOf("begin cpu:1") < events.indexOf("begin cpu:0"), events::toString);
        assertEquals(Set.of("begin cpu:0", "begin cpu:1"), readers());
        assertSame(one.get(0).results, each.get(0).results);
    }

    @Test
    void anyDevicesMayHaveHeads() {
        ParityCase parity = ParityCases.named("llama");
        List<LensPlan> plans = plans(parity, OF_A_ROW, NEXT);
        List<RecordingPlan> one = run(parity, HeadForm.DEVICE, List.of(THIRD), plans);
        for (List<Device> heads :
                List.of(List.of(THIRD, FIRST), List.of(THIRD, SECOND), List.of(THIRD, SECOND, FIRST))) {
            events.clear();
            List<RecordingPlan> some = run(parity, HeadForm.DEVICE, heads, plans);

            assertEquals(heads.size(), readers().size());
            assertSame(one.get(0).results, some.get(0).results);
            assertSame(one.get(1).results, some.get(1).results);
        }
    }

    @Test
    void weightsOfEachHeadAreCounted() {
        ParityCase parity = ParityCases.named("gpt2");
        try (CausalLanguageModel one = model(parity, List.of(SECOND));
                CausalLanguageModel both = model(parity, List.of(SECOND, FIRST))) {
            assertEquals(
                    one.weightBytesByDevice().get(SECOND),
                    both.weightBytesByDevice().get(SECOND));
            assertTrue(both.weightBytes() > one.weightBytes(), both.weightBytesByDevice()::toString);
            assertTrue(both.placement().inWords().endsWith("head on cpu:1 and cpu:0"));
        }
    }

    private Set<String> readers() {
        var readers = new LinkedHashSet<>(events);
        readers.removeIf(event -> !event.startsWith("begin"));
        return readers;
    }

    private List<RecordingPlan> run(ParityCase parity, HeadForm form, List<Device> heads, List<LensPlan> plans) {
        events.clear();
        CausalLanguageModel model = model(parity, heads);
        var kernels = new HashMap<Device, HeadKernel>();
        heads.forEach(device -> kernels.put(
                device,
                // Groups of one row: products of several rows round as the group is cut.
                new LoggingKernel(
                        form.of(model.head(device), new TileGeometry(1, 200)),
                        event -> events.add(event + " " + device))));
        try (var lens = new LoadedModel(
                parity.name(),
                model,
                new FakeTokenizer(),
                kernels,
                new Lenses(model, List.of()),
                2,
                DeviceCaches.OF_CARDS)) {
            run(lens, plans, () -> {}); // makes what a model keeps
            events.clear();
            int open = model.tensors().open();
            List<RecordingPlan> recorded = run(lens, plans, new Interlude() {
                private int taken;

                @Override
                public void take() {
                    if (taken++ < parity.layers()) {
                        events.add("forward");
                    }
                }
            });
            assertEquals(open, model.tensors().open());
            return recorded;
        }
    }

    private static List<RecordingPlan> run(LoadedModel lens, List<LensPlan> plans, Interlude interlude) {
        List<RecordingPlan> recorded = plans.stream().map(RecordingPlan::new).toList();
        lens.run(recorded.stream().map(RecordingPlan::wanted).toList(), interlude);
        recorded.forEach(RecordingPlan::outcome);
        return recorded;
    }

    private static CausalLanguageModel model(ParityCase parity, List<Device> heads) {
        List<Device> devices = heads.contains(THIRD) ? List.of(FIRST, SECOND, THIRD) : List.of(FIRST, SECOND);
        return CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()),
                Precision.FLOAT32,
                sizes -> new Placement(
                        Placement.inStages(devices, sizes.blocks().size()).stages(), heads),
                (done, total) -> {});
    }

    /** One with all read points, lenses and trajectories; one of a few layers before the last. */
    private static List<LensPlan> plans(ParityCase parity, Set<Statistic> statistics, RequestedTarget target) {
        List<ReadPoint> all = IntStream.range(-1, parity.layers())
                .mapToObj(layer -> layer < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(layer))
                .toList();
        return List.of(
                plan(
                        parity,
                        List.of(new RequestedLens.Raw(), new RequestedLens.Logit()),
                        all,
                        statistics,
                        target,
                        OptionalDouble.of(0.001)),
                plan(
                        parity,
                        List.of(new RequestedLens.Logit()),
                        all.subList(1, all.size() - 1),
                        statistics,
                        target,
                        OptionalDouble.empty()));
    }

    private static LensPlan plan(
            ParityCase parity,
            List<RequestedLens> lenses,
            List<ReadPoint> points,
            Set<Statistic> statistics,
            RequestedTarget target,
            OptionalDouble minimumPeak) {
        return new LensPlan(
                Arrays.copyOf(parity.tokenIds(), TOKENS),
                lenses,
                points,
                IntStream.range(0, TOKENS).toArray(),
                4,
                List.of(new PlannedTarget(target, List.of())),
                EnumSet.copyOf(statistics),
                minimumPeak);
    }

    private static void assertSame(RecordingListener expected, RecordingListener actual) {
        assertArrayEquals(expected.targets().finalTopIds(), actual.targets().finalTopIds());
        assertArrayEquals(expected.targets().targetIds(), actual.targets().targetIds());
        assertEquals(expected.layers.size(), actual.layers.size());
        for (int i = 0; i < expected.layers.size(); i++) {
            CellReadout wanted = expected.layers.get(i);
            CellReadout found = actual.layers.get(i);
            String place = "lens " + wanted.lens() + ", read point " + wanted.readPoint();
            assertEquals(place, "lens " + found.lens() + ", read point " + found.readPoint());
            assertArrayEquals(wanted.topIds(), found.topIds(), place);
            assertArrayEquals(wanted.topLogProbs(), found.topLogProbs(), place);
            assertArrayEquals(wanted.targetRanks(), found.targetRanks(), place);
            assertArrayEquals(wanted.targetLogProbs(), found.targetLogProbs(), place);
            for (Statistic statistic : wanted.columns().statistics()) {
                assertArrayEquals(
                        wanted.columns().of(statistic), found.columns().of(statistic), place + statistic);
            }
        }
        assertEquals(expected.trajectories.size(), actual.trajectories.size());
        for (int i = 0; i < expected.trajectories.size(); i++) {
            assertArrayEquals(
                    expected.trajectories.get(i).tokenIds(),
                    actual.trajectories.get(i).tokenIds());
            // Their products are cut by device.
            assertArrayEquals(
                    expected.trajectories.get(i).logProbs(),
                    actual.trajectories.get(i).logProbs(),
                    1e-4f);
        }
    }
}
