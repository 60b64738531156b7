package dev.stratalens.engine.lens.fit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchRuntime;
import dev.stratalens.engine.tensor.TorchScope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares fits with plain {@code torch.autograd} over transformers; see generate_fits.py. */
final class FitParityTest {

    private static final int SKIPPED = 2;
    private static final int STEPS = 3;

    /** Here, transformers in float32 differs from itself in float64 by 0.0007 of the largest number. */
    private static final String ROUGH = "zamba2-shared";

    @BeforeAll
    static void useOneThread() {
        TorchRuntime.disableShapeSpecialization();
        TorchRuntime.useThreads(1);
    }

    /** Between them: every kind of mixer, experts, a row that carries what later blocks read, a window and softcaps. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "llama",
                "gemma2",
                "gemma4_text",
                "mixtral",
                "qwen3_5",
                "mamba",
                "falcon_h1",
                "minimax",
                "lfm2",
                "nemotron_h",
                "kimi_linear",
                "zamba2-shared",
                "recurrent_gemma"
            })
    void jacobiansAreThoseOfAutograd(String name) throws Exception {
        TensorFile expected = expected(name);
        List<int[]> sequences = sequences(expected);
        try (CausalLanguageModel model = model(name);
                var fit = new JacobianFit(model, new FitKind.Jacobian(2, 2, 0, SKIPPED), sequences)) {
            fit.step();
            fit.step();

            assertTrue(fit.isDone());
            int[] shape = expected.shape("jacobian");
            assertEquals(shape[0], fit.points().size());
            int size = shape[1] * shape[2];
            for (ReadPoint point : fit.points()) {
                float[] matrix = expected.floats("jacobian", point.block() * size, size);
                assertClose(matrix, matrix(model, fit, point), name.equals(ROUGH) ? 1e-3 : 1e-4);
            }
        }
    }

    /** With layer norm and RMS norm, a softcap, and a hybrid. */
    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "qwen3_5"})
    void stepsAreThoseOfTheRecipe(String name) throws Exception {
        TensorFile expected = expected(name);
        List<int[]> sequences = sequences(expected);
        int tokens = sequences.stream().mapToInt(sequence -> sequence.length).sum();
        try (CausalLanguageModel model = model(name);
                var fit = new TunedFit(model, new FitKind.Tuned(STEPS, tokens, 1), sequences)) {
            int points = fit.points().size();
            for (int step = 0; step < STEPS; step++) {
                fit.step();
                assertClose(expected.floats("tuned.losses", step * points, points), floats(fit.losses()), 1e-4);
            }

            assertTrue(fit.isDone());
            int[] shape = expected.shape("tuned.matrix");
            int size = shape[1] * shape[2];
            for (int index = 0; index < points; index++) {
                ReadPoint point = fit.points().get(index);
                assertClose(expected.floats("tuned.matrix", index * size, size), matrix(model, fit, point), 1e-4);
                assertClose(expected.floats("tuned.bias", index * shape[1], shape[1]), bias(model, fit, point), 1e-4);
            }
        }
    }

    /** Blocks and maps are on different devices, and what a checkpoint kept is set there. */
    @Test
    void stagesFitTheSameLens() throws Exception {
        TensorFile expected = expected("gpt2");
        List<int[]> sequences = sequences(expected);
        try (CausalLanguageModel model = inStages("gpt2");
                var fit = new JacobianFit(model, new FitKind.Jacobian(2, 2, 0, SKIPPED), sequences);
                var resumed = new JacobianFit(model, new FitKind.Jacobian(2, 2, 0, SKIPPED), sequences)) {
            fit.step();
            fit.state()
                    .forEach((name, part) -> resumed.set(
                            requireNonNull(resumed.state().get(name)),
                            model.head().numbers(part.tensor())));
            resumed.resume(fit.counters());
            fit.step();
            resumed.step();

            int[] shape = expected.shape("jacobian");
            int size = shape[1] * shape[2];
            for (ReadPoint point : fit.points()) {
                assertClose(expected.floats("jacobian", point.block() * size, size), matrix(model, fit, point), 1e-4);
                assertArrayEquals(matrix(model, fit, point), matrix(model, resumed, point));
            }
        }
        int tokens = sequences.stream().mapToInt(sequence -> sequence.length).sum();
        try (CausalLanguageModel model = inStages("gpt2");
                var fit = new TunedFit(model, new FitKind.Tuned(STEPS, tokens, 1), sequences)) {
            int points = fit.points().size();
            fit.step();
            assertClose(expected.floats("tuned.losses", 0, points), floats(fit.losses()), 1e-4);
        }
    }

    private static CausalLanguageModel inStages(String name) {
        Placer stages = sizes -> Placement.inStages(
                IntStream.range(0, 3).mapToObj(Device::cpu).toList(),
                sizes.blocks().size());
        return CausalLanguageModel.load(
                CheckpointReader.open(ParityCases.named(name).modelDirectory()),
                Precision.FLOAT32,
                stages,
                (done, total) -> {});
    }

    private static void assertClose(float[] expected, float[] actual, double share) {
        double largest = IntStream.range(0, expected.length)
                .mapToDouble(i -> Math.abs(expected[i]))
                .max()
                .orElseThrow();
        assertArrayEquals(expected, actual, (float) (share * largest));
    }

    private static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    private static float[] matrix(CausalLanguageModel model, OngoingFit fit, ReadPoint point) {
        try (TorchScope scope = model.head().scope()) {
            return fit.map(scope, point).matrix().floats();
        }
    }

    private static float[] bias(CausalLanguageModel model, OngoingFit fit, ReadPoint point) {
        try (TorchScope scope = model.head().scope()) {
            return fit.map(scope, point).bias().floats();
        }
    }

    private static CausalLanguageModel model(String name) {
        return CausalLanguageModel.load(
                CheckpointReader.open(ParityCases.named(name).modelDirectory()),
                Precision.FLOAT32,
                (done, total) -> {});
    }

    private static TensorFile expected(String name) throws Exception {
        return TensorFile.of(
                Path.of(Objects.requireNonNull(FitParityTest.class.getResource("/fits/%s.safetensors".formatted(name)))
                        .toURI()));
    }

    private static List<int[]> sequences(TensorFile expected) {
        int[] all = expected.ints("sequences");
        int length = all.length / 2;
        return List.of(Arrays.copyOf(all, length), Arrays.copyOfRange(all, length, all.length));
    }
}
