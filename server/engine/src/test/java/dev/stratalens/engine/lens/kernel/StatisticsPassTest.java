package dev.stratalens.engine.lens.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.lens.kernel.row.PlainKernel;
import dev.stratalens.engine.lens.kernel.row.RowKernel;
import dev.stratalens.engine.lens.kernel.row.RowStatistics;
import dev.stratalens.engine.lens.kernel.row.WarmingKernel;
import dev.stratalens.engine.parity.StatisticsReference;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kernel gives the statistics of the definitions, whatever the tiles, merged from every second one. */
class StatisticsPassTest {

    private static final int ROWS = 7;
    private static final int KEPT = 9;
    private static final int TARGETS = 2;
    private static final TorchProgram PROGRAM =
            TorchProgram.compile(Device.CPU, "weights", Map.of(), new TensorCount());
    private static final RowBuffer BUFFER = new RowBuffer();
    private static final Map<String, HeapPass> PASSES = Map.of(
            "plain", new HeapPass(new PlainKernel()),
            "vector", new HeapPass(WarmingKernel.vector().orElseThrow()));

    @AfterAll
    static void close() {
        PROGRAM.close();
    }

    /** Vocabularies that are and are not multiples of chunks and lanes, down to fewer tokens than are kept. */
    static Stream<Arguments> passesAndTiles() {
        return PASSES.keySet().stream()
                .sorted()
                .flatMap(pass -> Stream.of(DataType.FLOAT32, DataType.BFLOAT16)
                        .flatMap(type -> Stream.of(
                                        new int[] {5000, 4096}, new int[] {257, 67}, new int[] {130, 1}, new int[] {9, 9
                                        })
                                .map(sizes -> Arguments.of(pass, type, sizes[0], sizes[1]))));
    }

    /** Such a call is not always inlined, and where it is not, the whole pass takes three times as long. */
    @Test
    void noMethodOfTheVectorKernelTakesOrReturnsAVector() {
        for (Method method : WarmingKernel.vector().orElseThrow().getClass().getDeclaredMethods()) {
            assertFalse(method.toGenericString().contains("jdk.incubator.vector"), method.toString());
        }
    }

    @Test
    void theVectorKernelIsChosenWhereTheModuleIsThere() {
        assertTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
        assertEquals(
                "VectorKernel", WarmingKernel.vector().orElseThrow().getClass().getSimpleName());
    }

    @ParameterizedTest(name = "{0}, {1}, {2} tokens in tiles of {3}")
    @MethodSource("passesAndTiles")
    void statisticsAreThoseOfTheDefinitions(String pass, DataType type, int vocabulary, int tileColumns) {
        var random = new Random(vocabulary * 31L + tileColumns);
        // Steps of 1/16 over a narrow range: exact in bfloat16, and full of ties.
        float[][] logits = IntStream.range(0, ROWS)
                .mapToObj(row -> floats(vocabulary, i -> (random.nextInt(200) - 150) / 16f + row))
                .toArray(float[][]::new);
        int[] targets = IntStream.range(0, ROWS * TARGETS)
                .map(i -> i == 3 ? -1 : random.nextInt(vocabulary))
                .toArray();

        RowStatistics statistics = read(pass, type, logits, targets, tileColumns);

        for (int row = 0; row < ROWS; row++) {
            float[] rounded = logits[row];
            double[] exact =
                    IntStream.range(0, vocabulary).mapToDouble(i -> rounded[i]).toArray();
            assertEquals(StatisticsReference.logSumExp(exact), statistics.logSumExp(row), 1e-5);
            assertEquals(StatisticsReference.entropy(exact), statistics.entropy(row), 1e-4);
            assertArrayEquals(StatisticsReference.top(exact, KEPT), topIds(statistics, row), "row " + row);
            for (int target = 0; target < TARGETS; target++) {
                int id = targets[row * TARGETS + target];
                assertEquals(id < 0 ? 0 : StatisticsReference.rank(exact, id), statistics.rank(row, target));
            }
        }
    }

    /** So results do not depend on which kernel was warm. */
    @ParameterizedTest
    @ValueSource(ints = {5000, 257, 130, 9})
    void bothKernelsGiveTheSameBits(int vocabulary) {
        RowKernel vector = WarmingKernel.vector().orElseThrow();
        RowKernel plain = new PlainKernel(vector.lanes());
        var random = new Random(vocabulary);
        float[] logits = floats(vocabulary, i -> 20 * random.nextFloat() - 15);
        float[] others = floats(vocabulary, i -> random.nextFloat());
        assertEquals(vector.dot(logits, 0, others, vocabulary), plain.dot(logits, 0, others, vocabulary));
        var one = new RowStatistics(1, KEPT, 0, new int[0], new float[0]);
        var other = new RowStatistics(1, KEPT, 0, new int[0], new float[0]);
        vector.accept(logits, vocabulary, 0, one, 0);
        plain.accept(logits, vocabulary, 0, other, 0);
        assertEquals(one.logSumExp(0), other.logSumExp(0));
        assertEquals(one.entropy(0), other.entropy(0));
        assertArrayEquals(topIds(one, 0), topIds(other, 0));
    }

    /** As many as the largest k keeps in low precision, with ties, so that a whole chunk and more may be among the best. */
    @ParameterizedTest(name = "{0}, {1}, {2} tokens in tiles of {3}")
    @MethodSource("passesAndTiles")
    void manyOfTheBestAreKeptInOrder(String pass, DataType type, int vocabulary, int tileColumns) {
        var random = new Random(vocabulary);
        float[][] logits = {floats(vocabulary, i -> random.nextInt(60) / 4f), floats(vocabulary, i -> i / 16f)};
        int kept = Math.min(108, vocabulary);
        var statistics = new RowStatistics(logits.length, kept, 0, new int[0], new float[0]);
        accept(pass, type, logits, tileColumns, statistics);
        for (int row = 0; row < logits.length; row++) {
            float[] rounded = type == DataType.FLOAT32 ? logits[row] : roundedToBfloat16(logits[row]);
            double[] exact =
                    IntStream.range(0, vocabulary).mapToDouble(i -> rounded[i]).toArray();
            int thisRow = row;
            int[] actual = IntStream.range(0, kept)
                    .map(place -> statistics.topId(thisRow, place))
                    .toArray();
            assertArrayEquals(StatisticsReference.top(exact, kept), actual, "row " + row);
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2} tokens in tiles of {3}")
    @MethodSource("passesAndTiles")
    void aTargetNeverCountsAgainstItself(String pass, DataType type, int vocabulary, int tileColumns) {
        float[][] logits = {floats(vocabulary, i -> i == 5 ? 3 : 0)};
        // As if the target's own product had been rounded below its value in the tile.
        var statistics = new RowStatistics(1, KEPT, 1, new int[] {5}, new float[] {2.5f});
        accept(pass, type, logits, tileColumns, statistics);
        assertEquals(1, statistics.rank(0, 0));
    }

    @ParameterizedTest(name = "{0}, {1}, {2} tokens in tiles of {3}")
    @MethodSource("passesAndTiles")
    void hugeRangesNeitherOverflowNorVanish(String pass, DataType type, int vocabulary, int tileColumns) {
        float[][] logits = {floats(vocabulary, i -> i == vocabulary - 1 ? 4096 : -4096)};
        var statistics = new RowStatistics(1, KEPT, 0, new int[0], new float[0]);
        accept(pass, type, logits, tileColumns, statistics);
        assertEquals(4096, statistics.logSumExp(0), 1e-3);
        assertEquals(0, statistics.entropy(0), 1e-6);
    }

    private static RowStatistics read(String pass, DataType type, float[][] logits, int[] targets, int tileColumns) {
        float[] targetLogits = floats(targets.length, i -> targets[i] < 0 ? 0 : logits[i / TARGETS][targets[i]]);
        var statistics = new RowStatistics(logits.length, KEPT, TARGETS, targets, targetLogits);
        accept(pass, type, logits, tileColumns, statistics);
        return statistics;
    }

    private static void accept(
            String pass, DataType type, float[][] logits, int tileColumns, RowStatistics statistics) {
        int vocabulary = logits[0].length;
        RowStatistics others = statistics.empty();
        for (int first = 0; first < vocabulary; first += tileColumns) {
            RowStatistics some = first / tileColumns % 2 == 0 ? statistics : others;
            int columns = Math.min(tileColumns, vocabulary - first);
            var tile = new float[logits.length * columns];
            for (int row = 0; row < logits.length; row++) {
                System.arraycopy(logits[row], first, tile, row * columns, columns);
            }
            try (TorchScope scope = PROGRAM.scope()) {
                TorchTensor exact = scope.floats(tile, tile.length);
                TorchTensor buffer = PROGRAM.tensor(scope, "convert", exact, type == DataType.FLOAT32 ? 6L : 15L);
                Objects.requireNonNull(PASSES.get(pass))
                        .accept(
                                new LogitTile(
                                        buffer,
                                        new NativeNumbers(buffer.directView(), type),
                                        logits.length,
                                        first,
                                        columns),
                                some,
                                BUFFER);
            }
        }
        statistics.merge(others);
    }

    private static int[] topIds(RowStatistics statistics, int row) {
        return IntStream.range(0, KEPT)
                .map(place -> statistics.topId(row, place))
                .toArray();
    }

    /** To the nearest, ties to even. */
    private static float[] roundedToBfloat16(float[] values) {
        return floats(values.length, i -> {
            int bits = Float.floatToRawIntBits(values[i]);
            return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
        });
    }

    private interface FloatOf {
        float at(int index);
    }

    private static float[] floats(int size, FloatOf value) {
        var floats = new float[size];
        for (int i = 0; i < size; i++) {
            floats[i] = value.at(i);
        }
        return floats;
    }
}
