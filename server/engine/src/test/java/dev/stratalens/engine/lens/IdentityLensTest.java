package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.LensFit;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.NamedLens;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Fitted lenses whose numbers are known beforehand, and those that do not fit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityLensTest {

    private static final ParityCase PARITY = ParityCases.named("gemma2");
    private static final int WIDTH = PARITY.hiddenSize();

    @TempDir
    private Path folder;

    private CausalLanguageModel model;

    @BeforeAll
    void load() {
        model = FittedLensParityTest.model(PARITY, Placer.PROCESSOR);
    }

    @AfterAll
    void close() {
        model.close();
    }

    private List<ReadPoint> points() {
        return IntStream.range(-1, PARITY.layers())
                .mapToObj(layer -> layer < 0 ? ReadPoint.EMBEDDING : ReadPoint.layer(layer))
                .toList();
    }

    private FittedLens lens(String form, float[] matrix, float[] bias) {
        var written = new WrittenLens(WIDTH, form);
        points().forEach(point -> written.map(point, matrix, bias));
        return written.in(folder.resolve(form + matrix[0] + matrix[1] + bias[0] + ".safetensors"));
    }

    private RecordingListener run(Map<String, FittedLens> fitted) {
        try (Lenses lenses = FittedLensParityTest.lenses(model, fitted);
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var loaded = new LoadedModel("gemma2", model, new FakeTokenizer(), kernel, lenses, 2);
            var result = new RecordingListener();
            loaded.run(FittedLensParityTest.plan(PARITY, loaded, List.copyOf(fitted.keySet())), result, () -> false);
            return result;
        }
    }

    @Test
    void mapsThatDoNothingGiveTheBitsOfTheLogitLens() {
        float[] none = new float[WIDTH];
        Map<String, FittedLens> lenses = new LinkedHashMap<>();
        lenses.put("one", lens("plain", WrittenLens.identity(WIDTH), none));
        lenses.put("zero", lens("residual", new float[WIDTH * WIDTH], none));

        RecordingListener result = run(lenses);

        for (int lens = 1; lens <= 2; lens++) {
            for (int point = 0; point < points().size(); point++) {
                assertSameBits(cells(result, 0, point), cells(result, lens, point));
            }
        }
    }

    private static CellReadout cells(RecordingListener result, int lens, int readPoint) {
        return result.layers.stream()
                .filter(readout -> readout.lens() == lens && readout.readPoint() == readPoint)
                .findFirst()
                .orElseThrow();
    }

    private static void assertSameBits(CellReadout expected, CellReadout actual) {
        String what = "lens %d, read point %d".formatted(actual.lens(), actual.readPoint());
        assertArrayEquals(expected.topIds(), actual.topIds(), what);
        assertArrayEquals(expected.topLogProbs(), actual.topLogProbs(), what);
        assertArrayEquals(expected.logSumExps(), actual.logSumExps(), what);
        assertArrayEquals(expected.targetRanks(), actual.targetRanks(), what);
        assertArrayEquals(expected.targetLogProbs(), actual.targetLogProbs(), what);
        assertArrayEquals(
                expected.columns().of(Statistic.ENTROPY), actual.columns().of(Statistic.ENTROPY), what);
    }

    @Test
    void aPlainMapOfTheIdentityAndAnotherIsTheResidualForm() {
        Random random = new Random(7);
        float[] matrix = new float[WIDTH * WIDTH];
        float[] with = WrittenLens.identity(WIDTH);
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = (float) (random.nextGaussian() * 0.3 / Math.sqrt(WIDTH));
            with[i] += matrix[i];
        }
        float[] bias = new float[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            bias[i] = (float) random.nextGaussian() * 0.1f;
        }
        Map<String, FittedLens> lenses = new LinkedHashMap<>();
        lenses.put("plain", lens("plain", with, bias));
        lenses.put("residual", lens("residual", matrix, bias));

        RecordingListener result = run(lenses);

        for (int point = 0; point < points().size(); point++) {
            CellReadout plain = cells(result, 1, point);
            CellReadout residual = cells(result, 2, point);
            for (int i = 0; i < plain.topLogProbs().length; i++) {
                assertEquals(plain.topLogProbs()[i], residual.topLogProbs()[i], 1e-4f, "read point " + point);
            }
            assertTrue(
                    Math.abs(plain.logSumExps()[0] - cells(result, 0, point).logSumExps()[0]) > 1e-3f,
                    "the maps do something at read point " + point);
        }
    }

    @Test
    void aLensOfAnotherWidthIsRefused() {
        FittedLens narrow = new WrittenLens(3, "plain")
                .map(ReadPoint.layer(0), WrittenLens.identity(3))
                .in(folder.resolve("narrow.safetensors"));

        assertRefused(narrow, "its maps are 3 wide, but the model has rows of " + WIDTH);
    }

    @Test
    void aLensOfMoreLayersIsRefused() {
        FittedLens deep = new WrittenLens(WIDTH, "plain")
                .map(ReadPoint.layer(PARITY.layers()), WrittenLens.identity(WIDTH))
                .in(folder.resolve("deep.safetensors"));

        assertRefused(
                deep,
                "it has a map for layer %d, but the model's last layer is %d"
                        .formatted(PARITY.layers(), PARITY.layers() - 1));
    }

    @Test
    void aLensForAnotherUnembeddingIsRefused() {
        FittedLens other = new WrittenLens(WIDTH, "plain")
                .fact("unembedding_sha256", "0".repeat(64))
                .map(ReadPoint.layer(0), WrittenLens.identity(WIDTH))
                .in(folder.resolve("other.safetensors"));

        assertRefused(other, "it was fitted for an unembedding with the SHA-256 " + "0".repeat(64));
    }

    /** Its hash is of other bytes than the numbers, so it says nothing here. */
    @Test
    void theHashOfTunedLensIsNotCompared() {
        FittedLens tuned = new WrittenLens(WIDTH, "residual")
                .fact("fitted_by", "tuned-lens")
                .fact("model", "tiny")
                .fact("unembedding_sha256", "0".repeat(64))
                .map(ReadPoint.layer(0), WrittenLens.identity(WIDTH))
                .in(folder.resolve("tuned.safetensors"));

        assertEquals(List.of(), new LensFit(model, "").checked("tuned", tuned).warnings());
    }

    @Test
    void aLensForAnotherRevisionIsRefused() {
        FittedLens old = new WrittenLens(WIDTH, "plain")
                .fact("revision", "a".repeat(40))
                .map(ReadPoint.layer(0), WrittenLens.identity(WIDTH))
                .in(folder.resolve("old.safetensors"));

        String message = assertThrows(
                        InvalidCheckpointException.class, () -> new LensFit(model, "b".repeat(40)).checked("old", old))
                .getMessage();

        assertTrue(message.contains("it was fitted for the revision " + "a".repeat(40)), message);
        assertEquals("old", new LensFit(model, "").checked("old", old).name());
    }

    private void assertRefused(FittedLens lens, String reason) {
        String message = assertThrows(
                        InvalidCheckpointException.class, () -> new LensFit(model, "").checked("mine", lens))
                .getMessage();

        assertTrue(message.startsWith("The lens mine does not fit this model: " + reason), message);
    }

    @Test
    void anUnknownOriginIsAWarning() {
        NamedLens told = new LensFit(model, "").checked("tuned", FittedLensParityTest.fitted("gemma2", "tuned"));
        NamedLens silent = new LensFit(model, "").checked("j", FittedLensParityTest.fitted("gemma2", "jacobian"));

        assertEquals(List.of(), told.warnings());
        assertEquals(
                List.of(
                        "The file of the lens j does not say for which model it was fitted; only width and layers were checked."),
                silent.warnings());
    }

    @Test
    void aLensThatIsNotThereIsRefusedWithThoseThatAre() {
        Map<String, FittedLens> fitted = FittedLensParityTest.fitted("gemma2");
        try (Lenses lenses = FittedLensParityTest.lenses(model, fitted);
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var loaded = new LoadedModel("gemma2", model, new FakeTokenizer(), kernel, lenses, 2);

            assertEquals(
                    "lenses[1].transport.name: this model has no lens \"tunde\". It has the fitted lenses clustered, jacobian, mlxterp, tuned.",
                    assertThrows(
                                    InvalidFieldException.class,
                                    () -> FittedLensParityTest.plan(PARITY, loaded, List.of("tunde")))
                            .getMessage());
        }
    }

    @Test
    void mapsCountInTheMemoryOfARequest() {
        try (Lenses lenses = FittedLensParityTest.lenses(model, FittedLensParityTest.fitted("gemma2"));
                HeadKernel kernel = HeadForm.PROCESSOR.of(model.head(), new TileGeometry(64, 256))) {
            var loaded = new LoadedModel("gemma2", model, new FakeTokenizer(), kernel, lenses, 2);
            long without = loaded.memoryNeed(FittedLensParityTest.plan(PARITY, loaded, List.of()));
            long with = loaded.memoryNeed(FittedLensParityTest.plan(PARITY, loaded, List.of("clustered")));

            assertTrue(with - without >= (long) WIDTH * WIDTH * Float.BYTES, with + " and " + without);
        }
    }
}
