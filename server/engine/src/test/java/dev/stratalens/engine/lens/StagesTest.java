package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.error.ModelTooLargeException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.PackedPrompts;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.PromptState;
import dev.stratalens.engine.model.weight.ModelSizes;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.PlacementPolicy;
import dev.stratalens.engine.model.weight.PlacementPolicy.Overflow;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same model on one device and in stages on several gives the same bits. */
class StagesTest {

    private static final List<Device> DEVICES =
            IntStream.range(0, 4).mapToObj(Device::cpu).toList();

    /** Families with positions of each kind, a capped head, mixtures; as many stages as there are blocks, up to three. */
    static Stream<Arguments> casesAndStages() {
        return Stream.of(
                        "gpt2",
                        "llama",
                        "gemma2",
                        "bloom",
                        "mixtral",
                        "deepseek_v3",
                        "qwen3_moe-normalized",
                        "lfm2",
                        "qwen3_next",
                        "jamba",
                        "bamba",
                        "nemotron_h",
                        "falcon_h1",
                        "demo")
                .map(ParityCases::named)
                .flatMap(parity -> IntStream.rangeClosed(2, Math.min(3, parity.layers()))
                        .mapToObj(stages -> Arguments.of(parity, stages)));
    }

    @Test
    void thereAreModelsInThreeStages() {
        assertTrue(casesAndStages().anyMatch(arguments -> arguments.get()[1].equals(3)));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("casesAndStages")
    void residualRowsAreTheSameBitsAndHopOnceABorder(ParityCase parity, int stages) {
        List<float[]> expected = residuals(parity, Placer.PROCESSOR, new ArrayList<>());
        var devices = new ArrayList<Device>();
        List<float[]> actual = residuals(parity, inStages(stages), devices);

        assertSame(expected, actual);
        assertEquals(DEVICES.subList(0, stages), List.copyOf(new LinkedHashSet<>(devices)), "in this order");
        assertEquals(
                stages - 1,
                IntStream.range(1, devices.size())
                        .filter(i -> !devices.get(i).equals(devices.get(i - 1)))
                        .count(),
                "borders");
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("casesAndStages")
    void theWholeLensIsTheSameBits(ParityCase parity, int stages) {
        for (HeadForm form : HeadForm.values()) {
            RecordingListener expected = lens(parity, Placer.PROCESSOR, form);
            assertSameResult(expected, lens(parity, inStages(stages), form));
            // A head on a device without blocks.
            assertSameResult(
                    expected,
                    lens(
                            parity,
                            sizes -> new Placement(inStages(stages).place(sizes).stages(), DEVICES.get(3)),
                            form));
        }
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("casesAndStages")
    void aModelThatAPolicyDistributesIsTheSameBits(ParityCase parity, int stages) {
        var placed = new ArrayList<Placement>();
        Placer small = sizes -> {
            placed.add(onSmallDevices(sizes, stages));
            return placed.get(0);
        };

        assertSameResult(lens(parity, Placer.PROCESSOR), lens(parity, small));
        // A head may be as large as all blocks of a tiny model.
        int used = parity.layers() > 3
                ? placed.get(0).stages().size()
                : placed.get(0).devices().size();
        assertTrue(
                used == stages || (parity.layers() <= 3 && used > 1),
                placed.get(0).inWords());
    }

    /** On devices with so little memory that all of them are needed. */
    private static Placement onSmallDevices(ModelSizes sizes, int devices) {
        for (long free = sizes.total() / devices; ; free += 1 + sizes.total() / 200) {
            long each = free;
            List<HostDevice> hosts = DEVICES.subList(0, devices).stream()
                    .map(device -> new HostDevice(device, "a stand-in", each, each))
                    .toList();
            try {
                return new PlacementPolicy(hosts, device -> true, 0, Overflow.REFUSED)
                        .place(sizes)
                        .placement();
            } catch (ModelTooLargeException e) {
                // A little more, then.
            }
        }
    }

    @Test
    void aPolicyWithoutCardsLeavesEverythingAsItWas() {
        ParityCase parity = ParityCases.named("llama");
        Placer noCards = sizes -> new PlacementPolicy(List.of(), Device::isHost, 0, Overflow.PROCESSOR)
                .place(sizes)
                .placement();

        assertSameResult(lens(parity, Placer.PROCESSOR), lens(parity, noCards));
        try (CausalLanguageModel model = model(parity, noCards)) {
            assertEquals(Placement.on(Device.CPU, parity.layers()), model.placement());
        }
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("casesAndStages")
    void aPromptInPiecesIsTheSameBits(ParityCase parity, int stages) {
        assertSame(inTwoPieces(parity, Placer.PROCESSOR), inTwoPieces(parity, inStages(stages)));
    }

    @Test
    void rowsOfOneStageAreRefusedOnAnother() {
        ParityCase parity = ParityCases.named("llama");
        try (CausalLanguageModel model = model(parity, inStages(2));
                TorchScope scope = model.decoder().requestScope(DEVICES.get(1))) {
            var message = new StringBuilder();
            model.decoder().forward(PackedPrompts.of(parity.tokenIds()), (layer, residual, packed) -> {
                if (layer < 0) {
                    message.append(assertThrows(
                                    IllegalStateException.class,
                                    () -> model.head().normed(scope, residual))
                            .getMessage());
                }
                return packed;
            });
            assertTrue(message.toString().contains("cpu:0"), message::toString);
            assertTrue(message.toString().contains("cpu:1"), message::toString);
        }
    }

    @Test
    void rowsOfAnotherModelsDeviceAreNotKept() {
        ParityCase parity = ParityCases.named("llama");
        try (CausalLanguageModel there = model(
                        parity,
                        sizes -> Placement.on(DEVICES.get(3), sizes.blocks().size()));
                CausalLanguageModel here = model(parity, inStages(2));
                TorchScope far = there.decoder().requestScope(DEVICES.get(3));
                TorchScope near = here.decoder().requestScope(DEVICES.get(1))) {
            TorchTensor rows = there.decoder().rowStore(far, 1);
            TorchTensor first = near.longs(new long[] {0}, 1);
            TorchTensor store = here.decoder().rowStore(near, 1);

            assertThrows(IllegalStateException.class, () -> here.decoder().keepRows(rows, first, store, first, 0));
        }
    }

    @Test
    void aPlacementOfAnotherNumberOfBlocksIsRefused() {
        ParityCase parity = ParityCases.named("llama");

        assertThrows(
                IllegalArgumentException.class,
                () -> model(
                                parity,
                                sizes -> Placement.on(Device.CPU, sizes.blocks().size() + 1))
                        .close());
    }

    @Test
    void theDescriptionNamesTheDevicesAndWeightsAreCountedOnEach() {
        ParityCase parity = ParityCases.named("llama");
        try (CausalLanguageModel whole = model(parity, Placer.PROCESSOR);
                CausalLanguageModel parts = model(parity, inStages(2))) {
            int blocks = parity.layers();
            assertEquals(
                    Placement.on(Device.CPU, blocks),
                    whole.describe("m", new FakeTokenizer().spelling()).placement());
            assertEquals(
                    Placement.inStages(DEVICES.subList(0, 2), blocks),
                    parts.describe("m", new FakeTokenizer().spelling()).placement());
            assertEquals(
                    DEVICES.subList(0, 2),
                    List.copyOf(parts.weightBytesByDevice().keySet()));
            assertEquals(whole.weightBytes(), parts.weightBytes());
        }
    }

    private static Placer inStages(int stages) {
        return sizes ->
                Placement.inStages(DEVICES.subList(0, stages), sizes.blocks().size());
    }

    private static CausalLanguageModel model(ParityCase parity, Placer placement) {
        return CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, placement, (done, total) -> {});
    }

    /** Every layer's rows; in devices, where they were made. */
    private static List<float[]> residuals(ParityCase parity, Placer placement, List<Device> devices) {
        try (CausalLanguageModel model = model(parity, placement)) {
            var layers = new ArrayList<float[]>();
            int[] ids = parity.tokenIds();
            // Two prompts, of which one leaves at the first border of two stages.
            int leaving = parity.layers() / 2 - 1;
            model.decoder().forward(PackedPrompts.of(ids, Arrays.copyOf(ids, 3)), (layer, residual, packed) -> {
                layers.add(residual.floats());
                devices.add(residual.device());
                return packed.keeping(index -> index == 0 || layer < leaving);
            });
            return layers;
        }
    }

    private static List<float[]> inTwoPieces(ParityCase parity, Placer placement) {
        int[] ids = parity.tokenIds();
        try (CausalLanguageModel model = model(parity, placement);
                PromptState state = model.decoder().emptyState()) {
            var layers = new ArrayList<float[]>();
            for (int[] piece : List.of(Arrays.copyOf(ids, 3), Arrays.copyOfRange(ids, 3, ids.length))) {
                model.decoder().forward(List.of(state), PackedPrompts.of(piece), (layer, residual, packed) -> {
                    layers.add(residual.floats());
                    return packed;
                });
            }
            return layers;
        }
    }

    private static RecordingListener lens(ParityCase parity, Placer placement) {
        return lens(parity, placement, HeadForm.PROCESSOR);
    }

    private static RecordingListener lens(ParityCase parity, Placer placement, HeadForm form) {
        CausalLanguageModel model = model(parity, placement);
        try (var lens = new LoadedModel(
                parity.name(), model, new FakeTokenizer(), form.of(model.head(), new TileGeometry(64, 256)), 2)) {
            var result = new RecordingListener();
            lens.run(plan(parity), result, () -> false);
            return result;
        }
    }

    private static LensPlan plan(ParityCase parity) {
        return new LensPlan(
                parity.tokenIds(),
                List.of(new RequestedLens.Logit(), new RequestedLens.Raw()),
                IntStream.range(-1, parity.layers())
                        .mapToObj(layer -> layer < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(layer))
                        .toList(),
                IntStream.range(0, parity.tokens()).toArray(),
                5,
                List.of(new PlannedTarget(new RequestedTarget.NextToken(), List.of())),
                EnumSet.allOf(Statistic.class),
                OptionalDouble.of(0));
    }

    private static void assertSame(List<float[]> expected, List<float[]> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), "rows " + i);
        }
    }

    private static void assertSameResult(RecordingListener expected, RecordingListener actual) {
        assertEquals(expected.layers.size(), actual.layers.size());
        for (int i = 0; i < expected.layers.size(); i++) {
            CellReadout wanted = expected.layers.get(i);
            CellReadout found = actual.layers.get(i);
            String layer = "read point " + wanted.readPoint();
            assertEquals(wanted.lens(), found.lens(), layer);
            assertArrayEquals(wanted.topIds(), found.topIds(), layer);
            assertArrayEquals(wanted.topLogProbs(), found.topLogProbs(), layer);
            for (Statistic statistic : Statistic.values()) {
                assertArrayEquals(
                        wanted.columns().of(statistic), found.columns().of(statistic), layer + statistic);
            }
            assertArrayEquals(wanted.targetRanks(), found.targetRanks(), layer);
            assertArrayEquals(wanted.targetLogProbs(), found.targetLogProbs(), layer);
        }
        assertEquals(expected.trajectories.size(), actual.trajectories.size());
        for (int i = 0; i < expected.trajectories.size(); i++) {
            assertArrayEquals(
                    expected.trajectories.get(i).logProbs(),
                    actual.trajectories.get(i).logProbs());
        }
    }
}
