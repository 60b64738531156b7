package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.LensFit;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.lens.transport.AffineMap;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFiles;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.DeviceCaches;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares fitted lenses of each form with straight-line code over transformers, for every read point, position and statistic. */
class FittedLensParityTest {

    private static final Map<String, String> FORMS = Map.of(
            "jacobian", "jacobian.pt",
            "clustered", "clustered.pt",
            "tuned", "tuned",
            "mlxterp", "mlxterp.npz");

    /** Most of the time goes into loading a model, so each is loaded once. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "qwen3_5"})
    void everyReadPointPositionAndStatisticAgreesWithTransformers(String name) {
        ParityCase parity = ParityCases.named(name);
        try (CausalLanguageModel model = model(parity, Placer.PROCESSOR);
                Lenses lenses = lenses(model, fitted(name))) {
            assertAll(Stream.of(
                            new HeadKernelOf(HeadForm.PROCESSOR, new TileGeometry(256, 4096)),
                            new HeadKernelOf(HeadForm.PROCESSOR, new TileGeometry(5, 67)),
                            new HeadKernelOf(HeadForm.DEVICE, new TileGeometry(5, 67)))
                    .map(reading -> () -> assertAgrees(parity, model, lenses, reading)));
        }
    }

    private record HeadKernelOf(HeadForm form, TileGeometry tiles) {}

    private static void assertAgrees(
            ParityCase parity, CausalLanguageModel model, Lenses lenses, HeadKernelOf reading) {
        try (HeadKernel kernel = reading.form().of(model.head(), reading.tiles())) {
            var lens = new LoadedModel(parity.name(), model, new FakeTokenizer(), kernel, lenses, 2);
            List<String> forms = FORMS.keySet().stream().sorted().toList();
            // The logit lens is beside them, and the model runs once.
            LensPlan plan = plan(parity, lens, forms);
            var result = new RecordingListener();
            lens.run(plan, result, () -> false);
            assertAll(
                    reading.toString(),
                    IntStream.range(0, forms.size())
                            .<Executable>mapToObj(
                                    form -> () -> assertForm(parity, forms.get(form), form + 1, plan, result)));
        }
    }

    private static void assertForm(ParityCase parity, String form, int lens, LensPlan plan, RecordingListener result) {
        TensorFile values = TensorFile.of(folder(parity.name()).resolve(form + ".expected.safetensors"));
        int[] layers = values.ints("layers");
        ParityCase expected =
                new ParityCase(parity.name() + ", " + form, parity.directory(), parity.modelDirectory(), "", values);
        List<CellReadout> readouts =
                result.layers.stream().filter(readout -> readout.lens() == lens).toList();

        // Read points without a map are not there, and nothing stands in for them.
        assertArrayEquals(
                layers,
                readouts.stream().mapToInt(readout -> readout.readPoint() - 1).toArray(),
                form);
        for (int row = 0; row < layers.length; row++) {
            for (int position = 0; position < parity.tokens(); position++) {
                // The recorded values have the rows of the lens alone, which count from -1.
                new CellParity(expected, parity).assertCell(result.targets(), readouts.get(row), row - 1, position);
            }
        }
        assertTrajectories(expected, lens, plan, result);
        assertTheLastBlock(parity, lens, plan, readouts, result);
    }

    private static void assertTrajectories(ParityCase expected, int lens, LensPlan plan, RecordingListener result) {
        int rows = plan.coverage().get(lens).readPoints().size();
        List<PositionTrajectory> trajectories = result.trajectories.stream()
                .filter(trajectory -> trajectory.lens() == lens)
                .toList();
        assertEquals(plan.positions().length, trajectories.size());
        for (int position : expected.logitPositions()) {
            PositionTrajectory trajectory = trajectories.get(position);
            int[] ids = trajectory.tokenIds();
            assertTrue(Arrays.binarySearch(ids, CellParity.NAMED_ID) >= 0);
            assertEquals(ids.length * rows, trajectory.logProbs().length);
            for (int row = 0; row < rows; row++) {
                float[] logits = expected.logits(row - 1, position);
                for (int token = 0; token < ids.length; token++) {
                    CellParity.assertClose(
                            logits[ids[token]] - expected.logSumExp(row - 1, position),
                            trajectory.logProbs()[token * rows + row],
                            "row %d, position %d, token %d".formatted(row, position, ids[token]));
                }
            }
        }
    }

    /** Without a map for it, it is the model's own output, bit for bit; with one, it is something else. */
    private static void assertTheLastBlock(
            ParityCase parity, int lens, LensPlan plan, List<CellReadout> readouts, RecordingListener result) {
        CellReadout last = readouts.get(readouts.size() - 1);
        CellReadout own = result.layers.stream()
                .filter(readout -> readout.lens() == 0 && readout.readPoint() == parity.layers())
                .findFirst()
                .orElseThrow();
        float[] divergences = last.columns().of(Statistic.KL_FROM_FINAL);
        if (plan.coverage().get(lens).isModelAtTheEnd()) {
            assertArrayEquals(own.topIds(), last.topIds());
            assertArrayEquals(own.topLogProbs(), last.topLogProbs());
            assertArrayEquals(own.logSumExps(), last.logSumExps());
            assertArrayEquals(own.targetLogProbs(), last.targetLogProbs());
            assertArrayEquals(new float[divergences.length], divergences);
        } else {
            assertTrue(IntStream.range(0, divergences.length).allMatch(i -> divergences[i] > 0));
        }
    }

    /** Of both conventions: maps of a block's output, and of its input. */
    @ParameterizedTest
    @ValueSource(strings = {"clustered", "tuned", "mlxterp"})
    void toBeOneBlockOffIsFarOutsideTheTolerance(String form) {
        ParityCase parity = ParityCases.named("gpt2");
        FittedLens right = fitted("gpt2", form);
        var shifted = new TreeMap<ReadPoint, AffineMap>();
        right.maps().forEach((point, map) -> {
            int layer = point.isLayer() ? point.block() + 1 : 0;
            if (layer < parity.layers()) {
                shifted.put(ReadPoint.layer(layer), map);
            }
        });
        var wrong = new FittedLens(right.form(), right.width(), shifted, right.origin());
        try (CausalLanguageModel model = model(parity, Placer.PROCESSOR);
                Lenses lenses = lenses(model, new LinkedHashMap<>(Map.of("right", right, "wrong", wrong)));
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var lens = new LoadedModel("gpt2", model, new FakeTokenizer(), kernel, lenses, 2);
            var result = new RecordingListener();
            lens.run(plan(parity, lens, List.of("right", "wrong")), result, () -> false);
            float difference = 0;
            for (CellReadout one : of(result, 1)) {
                for (CellReadout other : of(result, 2)) {
                    if (one.readPoint() == other.readPoint() && one.readPoint() < parity.layers()) {
                        difference = Math.max(difference, Math.abs(one.logSumExps()[1] - other.logSumExps()[1]));
                    }
                }
            }
            assertTrue(difference > 50 * CellParity.TOLERANCE, form + ": " + difference);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void mapsOnTheDevicesOfTheirLayersGiveTheSameBits(int stages) {
        ParityCase parity = ParityCases.named("gpt2");
        RecordingListener whole = run(parity, Placer.PROCESSOR);
        RecordingListener parts = run(
                parity,
                sizes -> Placement.inStages(
                        IntStream.range(0, stages).mapToObj(Device::cpu).toList(),
                        sizes.blocks().size()));

        assertEquals(whole.layers.size(), parts.layers.size());
        for (int i = 0; i < whole.layers.size(); i++) {
            assertArrayEquals(
                    whole.layers.get(i).topLogProbs(), parts.layers.get(i).topLogProbs());
            assertArrayEquals(
                    whole.layers.get(i).logSumExps(), parts.layers.get(i).logSumExps());
        }
    }

    /** Several lenses in one pass, of which one may be in memory, on the devices of their layers. */
    @Test
    void lensesThatAreLoadedWhenTheyAreReadGiveTheSameBits() {
        ParityCase parity = ParityCases.named("gpt2");
        List<String> forms = FORMS.keySet().stream().sorted().toList();
        Placer stages = sizes -> Placement.inStages(
                List.of(Device.cpu(0), Device.cpu(1)), sizes.blocks().size());
        try (CausalLanguageModel model = model(parity, stages);
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            int without = model.tensors().open();
            RecordingListener all;
            int withAll;
            try (Lenses lenses = lenses(model, fitted("gpt2"))) {
                withAll = model.tensors().open() - without;
                all = read(parity, model, kernel, lenses, forms);
            }
            try (Lenses lenses = new Lenses(
                    model,
                    fitted("gpt2").entrySet().stream()
                            .map(lens -> new LensFit(model, "").checked(lens.getKey(), lens.getValue()))
                            .toList(),
                    1)) {
                assertEquals(without, model.tensors().open());
                for (int pass = 0; pass < 2; pass++) {
                    RecordingListener one = read(parity, model, kernel, lenses, forms);
                    assertEquals(all.layers.size(), one.layers.size());
                    for (int i = 0; i < all.layers.size(); i++) {
                        assertArrayEquals(
                                all.layers.get(i).topLogProbs(),
                                one.layers.get(i).topLogProbs());
                    }
                    int withOne = model.tensors().open() - without;
                    assertTrue(0 < withOne && withOne < withAll, withOne + " of " + withAll);
                }
            }
            assertEquals(without, model.tensors().open());
        }
    }

    private static RecordingListener read(
            ParityCase parity, CausalLanguageModel model, HeadKernel kernel, Lenses lenses, List<String> forms) {
        var lens = new LoadedModel(parity.name(), model, new FakeTokenizer(), kernel, lenses, 2);
        var result = new RecordingListener();
        lens.run(plan(parity, lens, forms), result, () -> false);
        return result;
    }

    @Test
    void aHeadOnEachDeviceReadsThroughTheSameMaps() {
        ParityCase parity = ParityCases.named("gpt2");
        List<Device> devices = List.of(Device.cpu(1), Device.cpu(0));
        RecordingListener one = onHeads(parity, List.of(Device.cpu(1)));
        RecordingListener two = onHeads(parity, devices);

        assertEquals(one.layers.size(), two.layers.size());
        for (CellReadout expected : one.layers) {
            CellReadout found = two.layers.stream()
                    .filter(each -> each.lens() == expected.lens() && each.readPoint() == expected.readPoint())
                    .findFirst()
                    .orElseThrow();
            assertArrayEquals(expected.topIds(), found.topIds());
            assertArrayEquals(expected.topLogProbs(), found.topLogProbs(), 1e-5f);
        }
        assertEquals(one.trajectories.size(), two.trajectories.size());
    }

    /** Nothing is compared with the model's output, so that each device reads its own layers. */
    private static RecordingListener onHeads(ParityCase parity, List<Device> heads) {
        try (CausalLanguageModel model = model(
                        parity,
                        sizes -> new Placement(
                                Placement.inStages(
                                                List.of(Device.cpu(0), Device.cpu(1)),
                                                sizes.blocks().size())
                                        .stages(),
                                heads));
                Lenses lenses = lenses(model, fitted(parity.name()))) {
            Map<Device, HeadKernel> kernels = new LinkedHashMap<>();
            heads.forEach(
                    device -> kernels.put(device, HeadForm.DEVICE.of(model.head(device), new TileGeometry(64, 256))));
            var lens = new LoadedModel(
                    parity.name(), model, new FakeTokenizer(), kernels, lenses, 2, DeviceCaches.OF_CARDS);
            var result = new RecordingListener();
            LensPlan all = plan(parity, lens, List.of("jacobian", "tuned"));
            lens.run(
                    new LensPlan(
                            all.tokenIds(),
                            all.lenses(),
                            all.readPoints(),
                            all.positions(),
                            all.topK(),
                            List.of(),
                            Set.of(Statistic.ENTROPY),
                            all.minimumPeak(),
                            all.coverage(),
                            List.of(),
                            all.candidates(),
                            all.interventions()),
                    result,
                    () -> false);
            kernels.values().forEach(HeadKernel::close);
            return result;
        }
    }

    private static RecordingListener run(ParityCase parity, Placer placer) {
        try (CausalLanguageModel model = model(parity, placer);
                Lenses lenses = lenses(model, fitted(parity.name()));
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var lens = new LoadedModel(parity.name(), model, new FakeTokenizer(), kernel, lenses, 2);
            var result = new RecordingListener();
            lens.run(plan(parity, lens, List.of("clustered", "tuned")), result, () -> false);
            return result;
        }
    }

    private static List<CellReadout> of(RecordingListener result, int lens) {
        return result.layers.stream().filter(readout -> readout.lens() == lens).toList();
    }

    static LensPlan plan(ParityCase parity, LoadedModel lens, List<String> names) {
        RequestedPlan request = RequestedPlan.builder(new LensPrompt.TokenIds(parity.tokenIds()))
                .lenses(Stream.concat(
                                Stream.of(new RequestedLens.Logit()),
                                names.stream().map(RequestedLens.Transport::new))
                        .map(RequestedLens.class::cast)
                        .toList())
                .layers(List.<IndexRange>of())
                .sites(List.of(Site.EMBEDDING, Site.BLOCK_OUTPUT))
                .topK(CellParity.TOP_K)
                .targets(CellParity.TARGETS.stream()
                        .map(target -> target.target())
                        .toList())
                .statistics(List.of(Statistic.values()))
                .trajectories(0)
                .build();
        return LensPlanner.plan(request, lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    static CausalLanguageModel model(ParityCase parity, Placer placer) {
        return CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, placer, (done, total) -> {});
    }

    static Lenses lenses(CausalLanguageModel model, Map<String, FittedLens> fitted) {
        var fit = new LensFit(model, "");
        return new Lenses(
                model,
                fitted.entrySet().stream()
                        .map(lens -> fit.checked(lens.getKey(), lens.getValue()))
                        .toList());
    }

    static Map<String, FittedLens> fitted(String model) {
        var lenses = new TreeMap<String, FittedLens>();
        FORMS.keySet().forEach(form -> lenses.put(form, fitted(model, form)));
        return lenses;
    }

    static FittedLens fitted(String model, String form) {
        return LensFiles.read(folder(model).resolve(Objects.requireNonNull(FORMS.get(form))));
    }

    static Path folder(String model) {
        try {
            return Path.of(Objects.requireNonNull(FittedLensParityTest.class.getResource("/lenses/" + model))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
