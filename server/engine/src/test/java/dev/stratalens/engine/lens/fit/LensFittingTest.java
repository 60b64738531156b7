package dev.stratalens.engine.lens.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.FittedLens;
import dev.stratalens.engine.lens.transport.LensFiles;
import dev.stratalens.engine.lens.transport.LensOrigin;
import dev.stratalens.engine.lens.transport.MapForm;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import dev.stratalens.engine.tensor.TorchRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole fits of a tiny model. */
final class LensFittingTest {

    private static final FitKind TUNED = new FitKind.Tuned(20, 40, 1);
    private static final FitKind JACOBIAN = new FitKind.Jacobian(6, 6, 1e-9, 2);

    private static ParityCase parity;
    private static CausalLanguageModel model;

    @TempDir
    private Path folder;

    /** A power failure, as far as a fit is concerned. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @BeforeAll
    static void load() {
        TorchRuntime.disableShapeSpecialization();
        TorchRuntime.useThreads(1);
        parity = ParityCases.named("llama");
        model = CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, (done, total) -> {});
    }

    @AfterAll
    static void close() {
        model.close();
    }

    static List<FitKind> kinds() {
        return List.of(TUNED, JACOBIAN);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFitThatWasStoppedGivesTheSameBits(FitKind kind) throws Exception {
        Path whole = fit(kind, "whole", sequences(0, 8), progress -> {}).lens();

        assertThrows(
                Stopped.class,
                () -> fit(kind, "stopped", sequences(0, 8), progress -> {
                    if (progress.done() == 4) {
                        throw new Stopped();
                    }
                }));
        Path stopped = folder.resolve("stopped");
        assertTrue(Files.exists(stopped.resolve(LensFitting.CHECKPOINT)));
        assertFalse(Files.exists(stopped.resolve(LensFitting.LENS)));
        long[] first = {-1};
        Path resumed = fit(kind, "stopped", sequences(0, 8), progress -> {
                    first[0] = first[0] < 0 ? progress.done() : first[0];
                })
                .lens();

        // What was not saved is done again.
        assertEquals(4, first[0]);
        assertEquals(-1, Files.mismatch(whole, resumed));
        assertFalse(Files.exists(stopped.resolve(LensFitting.CHECKPOINT)));
    }

    @Test
    void aCheckpointOfAnotherFitIsRefused() {
        assertThrows(
                Stopped.class,
                () -> fit(TUNED, "one", sequences(0, 8), progress -> {
                    if (progress.done() == 2) {
                        throw new Stopped();
                    }
                }));

        var refused = assertThrows(
                InvalidCheckpointException.class, () -> fit(JACOBIAN, "one", sequences(0, 8), progress -> {}));
        assertTrue(refused.getMessage().contains("other settings"), refused.getMessage());
        assertThrows(InvalidCheckpointException.class, () -> fit(TUNED, "one", sequences(1, 8), progress -> {}));
    }

    @Test
    void aSequenceBeyondTheContextIsRefused() {
        List<int[]> tooLong = List.of(new int[model.architecture().extents().context() + 1]);

        assertThrows(FitFailedException.class, () -> fit(TUNED, "long", tooLong, progress -> {}));
    }

    @Test
    void aTunedLensComesCloserToTheOutput() throws Exception {
        FitResult result = fit(TUNED, "tuned", sequences(0, 8), progress -> {});

        assertEquals(3, result.gains().size());
        for (LayerGain gain : result.gains()) {
            assertTrue(gain.fitted().divergence() < gain.plain().divergence(), gain.toString());
        }
        FittedLens lens = LensFiles.read(result.lens());
        assertEquals(MapForm.RESIDUAL, lens.form());
        assertEquals(
                List.of(ReadPoint.EMBEDDING, ReadPoint.layer(0), ReadPoint.layer(1)),
                List.copyOf(lens.maps().keySet()));
    }

    /** The sequence that is held out is the prompt of the parity case, whose divergences transformers has computed. */
    @Test
    void theEvaluationIsRight() throws Exception {
        FitResult result = fit(TUNED, "evaluated", sequences(0, 8), progress -> {});

        assertEquals(parity.tokens(), result.evaluatedPositions());
        for (LayerGain gain : result.gains()) {
            int layer =
                    gain.point().equals(ReadPoint.EMBEDDING) ? -1 : gain.point().block();
            double expected = IntStream.range(0, parity.tokens())
                    .mapToDouble(position -> parity.klFromFinal(layer, position))
                    .average()
                    .orElseThrow();
            assertEquals(expected, gain.plain().divergence(), 1e-4 * expected);
            long same = IntStream.range(0, parity.tokens())
                    .filter(position ->
                            parity.topIds(layer, position)[0] == parity.topIds(parity.layers() - 1, position)[0])
                    .count();
            assertEquals((double) same / parity.tokens(), gain.plain().agreement(), 1e-9);
        }
        assertTrue(Files.readString(result.evaluation()).contains("\"held_out_positions\": " + parity.tokens()));
    }

    @Test
    void aLensSaysWhatItIsFrom() throws Exception {
        FitResult result = fit(JACOBIAN, "origin", sequences(0, 8), progress -> {});

        float[] head = TensorFile.ofModel(parity.modelDirectory()).floats("lm_head.weight");
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * head.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(head);
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
        assertEquals(
                new LensOrigin("stratalens", "tiny", "r1", hash, 6, 2),
                LensFiles.read(result.lens()).origin());
    }

    @Test
    void mergedPartsAreTheLensOfTheWhole() throws Exception {
        Path first = fit(jacobian(4), "first", sequences(0, 4), progress -> {}).lens();
        Path second =
                fit(jacobian(2), "second", sequences(4, 6), progress -> {}).lens();
        Path whole = fit(jacobian(6), "all", sequences(0, 6), progress -> {}).lens();
        Path merged = folder.resolve("merged.safetensors");
        var merge = new LensMerge(List.of(LensFiles.read(first), LensFiles.read(second)));
        try (var out = Files.newOutputStream(merged)) {
            merge.write(out);
        }

        assertEquals(LensFiles.read(whole).origin(), LensFiles.read(merged).origin());
        TensorFile expected = TensorFile.of(whole);
        TensorFile actual = TensorFile.of(merged);
        for (String name : List.of("layer.0.matrix", "layer.1.matrix")) {
            assertArrayEquals(expected.floats(name), actual.floats(name), 1e-5f);
        }
    }

    /** Blocks do not read what a lens reads of several streams. */
    @Test
    void aJacobianOfSeveralStreamsIsRefused() {
        ParityCase streams = ParityCases.named("gemma3n_text");
        var plan = new FitPlan(JACOBIAN, "tiny", "r1", "", StoredType.F32, folder, Duration.ZERO);
        var sequences = new TokenSequences(List.of(streams.tokenIds()), List.of(streams.tokenIds()));
        try (CausalLanguageModel several = CausalLanguageModel.load(
                CheckpointReader.open(streams.modelDirectory()), Precision.FLOAT32, (done, total) -> {})) {
            var refused = assertThrows(FitFailedException.class, () -> new LensFitting(several, plan, sequences));
            assertTrue(refused.getMessage().contains("3 residual streams"), refused.getMessage());
        }
    }

    @Test
    void lensesOfOtherKindsAreNotMerged() throws Exception {
        FittedLens jacobian = LensFiles.read(
                fit(jacobian(2), "j", sequences(0, 2), progress -> {}).lens());
        FittedLens tuned = LensFiles.read(fit(new FitKind.Tuned(1, 1, 1), "t", sequences(0, 2), progress -> {})
                .lens());

        assertThrows(FitFailedException.class, () -> new LensMerge(List.of(jacobian, tuned)));
    }

    @Test
    void aJacobianFitEndsWhenTheMeanRests() throws Exception {
        long[] last = {0};
        fit(new FitKind.Jacobian(40, 10, 1, 2), "rests", sequences(0, 40), progress -> last[0] = progress.done());

        assertEquals(10, last[0]);
    }

    private static FitKind jacobian(int prompts) {
        return new FitKind.Jacobian(prompts, prompts, 1e-9, 2);
    }

    private FitResult fit(FitKind kind, String name, List<int[]> fitted, FitListener listener) throws IOException {
        Path output = Files.createDirectories(folder.resolve(name));
        var plan = new FitPlan(kind, "tiny", "r1", "", StoredType.F32, output, Duration.ZERO);
        var sequences = new TokenSequences(fitted, List.of(parity.tokenIds()));
        return new LensFitting(model, plan, sequences).run(listener);
    }

    /** Sequences of numbers that differ from each other. */
    private static List<int[]> sequences(int first, int end) {
        int vocabulary = model.head().vocabularySize();
        return IntStream.range(first, end)
                .mapToObj(i -> IntStream.range(0, 7 + i % 3)
                        .map(place -> (i * 31 + place * place * 7 + place) % vocabulary)
                        .toArray())
                .toList();
    }
}
