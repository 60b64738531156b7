package dev.stratalens.engine.lens.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The form for devices, on the processor as a stand-in, gives what the form for the processor gives. */
class DeviceHeadKernelTest {

    private static final int ROWS = 5;
    private static final int BEST = 4;
    private static final int TARGETS = 2;

    /** Heads with neither, with a bias, with a softcap, with a projection. */
    static Stream<Arguments> headsTypesAndTiles() {
        return Stream.of("llama", "phi", "gemma2", "opt-350m", "cohere")
                .flatMap(family -> Stream.of(Precision.FLOAT32, Precision.BFLOAT16)
                        .flatMap(type -> Stream.of(new TileGeometry(ROWS, 67), new TileGeometry(ROWS, 4096))
                                .map(tiles -> Arguments.of(family, type, tiles))));
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("headsTypesAndTiles")
    void everyNumberIsThatOfTheProcessor(String family, Precision type, TileGeometry tiles) {
        try (var fixture = new Fixture(family, type, tiles)) {
            double tolerance = fixture.kernel.isExact() ? 1e-4 : 0.03;
            int vocabulary = fixture.head.vocabularySize();
            int[] targets = new Random(3).ints(ROWS * TARGETS, -1, vocabulary).toArray();
            int[] whole = fixture.kernel.isExact() ? new int[] {1, 4} : new int[0];
            var query = new HeadQuery(fixture.rows, BEST, TARGETS, targets, 3, whole);
            RowReadout expected = fixture.reference.read(fixture.scope, query, () -> false);
            RowReadout actual = fixture.kernel.read(fixture.scope, query, () -> false);

            assertEquals(fixture.reference.isExact(), fixture.kernel.isExact());
            assertEquals(expected.kept(), actual.kept());
            assertArrayEquals(expected.logSumExps(), actual.logSumExps(), (float) tolerance);
            assertArrayEquals(expected.entropies(), actual.entropies(), tolerance);
            assertArrayEquals(expected.targetLogits(), actual.targetLogits(), 1e-4f);
            for (int row = 0; row < ROWS; row++) {
                for (int place = 0; place < BEST; place++) {
                    int at = row * expected.kept() + place;
                    assertEquals(expected.topIds()[at], actual.topIds()[at], "row " + row + ", place " + place);
                    assertEquals(expected.topLogits()[at], actual.topLogits()[at], 1e-4f);
                }
            }
            for (int i = 0; i < targets.length; i++) {
                int near = fixture.kernel.isExact() ? 0 : 3;
                assertEquals(expected.targetRanks()[i], actual.targetRanks()[i], near);
            }
            for (int i = 0; i < whole.length; i++) {
                assertArrayEquals(expected.wholeRows()[i], actual.wholeRows()[i], 1e-4f);
            }
            assertArrayEquals(
                    expected.expectations().orElseThrow().rows().floats(),
                    actual.expectations().orElseThrow().rows().floats(),
                    (float) tolerance);
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("headsTypesAndTiles")
    void expectedLogitsAreThoseOfTheProcessor(String family, Precision type, TileGeometry tiles) {
        try (var fixture = new Fixture(family, type, tiles)) {
            int[] which = {2, 0, 2, 1, 1};
            float[] expected = expectedLogits(fixture, fixture.reference, which);
            float[] actual = expectedLogits(fixture, fixture.kernel, which);

            assertArrayEquals(expected, actual, fixture.kernel.isExact() ? 1e-4f : 0.1f);
        }
    }

    private static float[] expectedLogits(Fixture fixture, HeadKernel kernel, int[] which) {
        var query = new HeadQuery(fixture.rows, BEST, 0, new int[0], 3, new int[0]);
        RowReadout readout = kernel.read(fixture.scope, query, () -> false);
        Expectations all = kernel.expectations(fixture.scope, 3);
        kernel.keep(all, 0, readout.expectations().orElseThrow(), 3);
        return kernel.expectedLogits(fixture.scope, fixture.rows, all, which);
    }

    /** Groups with different numbers of tokens, also with none. */
    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("headsTypesAndTiles")
    void logitsOfTokensAreThoseOfTheProcessor(String family, Precision type, TileGeometry tiles) {
        try (var fixture = new Fixture(family, type, tiles)) {
            int last = fixture.head.vocabularySize() - 1;
            int[][] ids = {{0, last, 7}, {}, {5}, IntStream.range(0, 40).toArray(), {last, 3}};
            float[][] expected = fixture.reference.logits(fixture.rows, ids);
            float[][] actual = fixture.kernel.logits(fixture.rows, ids);

            for (int group = 0; group < ids.length; group++) {
                assertArrayEquals(expected[group], actual[group], 1e-4f, "group " + group);
            }
            TorchTensor four = fixture.head.slice(fixture.scope, fixture.rows, 0, 4);
            int[][] two = {{1, 2, 3}, {4}};
            assertTrue(Arrays.deepEquals(
                    rounded(fixture.reference.logits(four, two)), rounded(fixture.kernel.logits(four, two))));
        }
    }

    private static long[][] rounded(float[][] logits) {
        return Arrays.stream(logits)
                .map(group -> IntStream.range(0, group.length)
                        .mapToLong(i -> Math.round(group[i] * 100.0))
                        .toArray())
                .toArray(long[][]::new);
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("headsTypesAndTiles")
    void plainLogitsAreThoseOfTheProcessor(String family, Precision type, TileGeometry tiles) {
        try (var fixture = new Fixture(family, type, tiles)) {
            assertArrayEquals(
                    fixture.reference.plainLogits(fixture.scope, fixture.rows),
                    fixture.kernel.plainLogits(fixture.scope, fixture.rows),
                    1e-4f);
        }
    }

    @Test
    void workGrowsWithTheTileAndRowsFitInTheBuffer() {
        try (var fixture = new Fixture("llama", Precision.FLOAT32, new TileGeometry(ROWS, 67));
                var small = new DeviceHeadKernel(fixture.head, 1 << 16);
                var large = new DeviceHeadKernel(fixture.head, 1 << 24)) {
            assertTrue(small.workBytes() < large.workBytes());
            assertTrue(small.rowLimit() < large.rowLimit());
            assertTrue((long) small.rowLimit() * fixture.head.vocabularySize() * Float.BYTES <= 1 << 16);
        }
    }

    @Test
    void everyTensorIsFreed() {
        TensorCount count;
        try (var fixture = new Fixture("gemma2", Precision.BFLOAT16, new TileGeometry(ROWS, 67))) {
            count = fixture.model.tensors();
            fixture.kernel.logits(fixture.rows, new int[][] {{1}});
        }
        assertEquals(0, count.open());
    }

    private static final class Fixture implements AutoCloseable {

        private final CausalLanguageModel model;
        private final Head head;
        private final TorchScope scope;
        private final HeadKernel reference;
        private final HeadKernel kernel;
        private final TorchTensor rows;

        private Fixture(String family, Precision type, TileGeometry tiles) {
            model = CausalLanguageModel.load(
                    CheckpointReader.open(ParityCases.named(family).modelDirectory()),
                    type,
                    sizes -> Placement.on(Device.cpu(1), sizes.blocks().size()),
                    (done, total) -> {});
            head = model.head();
            scope = head.scope();
            reference = HeadForm.PROCESSOR.of(head, tiles);
            kernel = HeadForm.DEVICE.of(head, tiles);
            var random = new Random(1);
            var values = new float[ROWS * head.width()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            rows = scope.floats(values, ROWS, head.width());
        }

        @Override
        public void close() {
            try (model;
                    scope;
                    kernel;
                    reference) {}
        }
    }
}
