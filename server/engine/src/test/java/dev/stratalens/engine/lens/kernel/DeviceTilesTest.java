package dev.stratalens.engine.lens.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.model.weight.TorchTypes;
import dev.stratalens.engine.parity.StatisticsReference;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchRuntime;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The form for devices gives the numbers of the definitions, whatever the tiles, on the processor as a stand-in. */
class DeviceTilesTest {

    private static final Device DEVICE = Device.cpu(1);
    private static final int ROWS = 7;
    private static final int BEST = 9;
    private static final int TARGETS = 2;

    private final TensorCount count = new TensorCount();
    private final TorchProgram program = TorchProgram.compile(
            DEVICE,
            List.of("head", "device_head"),
            Map.of(
                    "norm_kind", "rms",
                    "norm_weight_offset", 0.0,
                    "norm_epsilon", 0.0,
                    "logit_scale", 1.0,
                    "logit_softcap", 0.0,
                    "gathered", 100L),
            count);
    private final TorchProgram weights = TorchProgram.compile(DEVICE, "weights", Map.of(), count);
    private final TorchScope scope = program.scope();

    @BeforeAll
    static void asInProduction() {
        TorchRuntime.disableShapeSpecialization();
    }

    @AfterEach
    void close() {
        scope.close();
        weights.close();
        program.close();
    }

    /** Vocabularies that are and are not multiples of chunks and tiles, down to fewer tokens than are kept. */
    static Stream<Arguments> typesAndTiles() {
        return Stream.of(DataType.FLOAT32, DataType.BFLOAT16)
                .flatMap(type -> Stream.of(
                                new int[] {5000, 4096},
                                new int[] {5000, 5000},
                                new int[] {257, 67},
                                new int[] {130, 1},
                                new int[] {9, 9})
                        .map(sizes -> Arguments.of(type, sizes[0], sizes[1])));
    }

    @ParameterizedTest(name = "{0}, {1} tokens in tiles of {2}")
    @MethodSource("typesAndTiles")
    void everyNumberIsThatOfTheDefinitions(DataType type, int vocabulary, int columns) {
        var random = new Random(vocabulary * 31L + columns);
        // Steps of 1/16 over a narrow range: exact in bfloat16, and full of ties.
        double[][] logits = logits(vocabulary, token -> random.nextInt(200) - 150);
        int[] targets = IntStream.range(0, ROWS * TARGETS)
                .map(i -> i == 3 ? -1 : random.nextInt(vocabulary))
                .toArray();
        int[] whole = type == DataType.FLOAT32 ? new int[] {2, 5} : new int[0];

        RowReadout readout = read(type, logits, columns, BEST, targets, 3, whole);

        float[] expectations = readout.expectations().orElseThrow().rows().floats();
        for (int row = 0; row < ROWS; row++) {
            double[] exact = logits[row];
            assertEquals(StatisticsReference.logSumExp(exact), readout.logSumExps()[row], 1e-5);
            assertEquals(StatisticsReference.entropy(exact), readout.entropies()[row], 1e-4);
            assertArrayEquals(StatisticsReference.top(exact, BEST), best(readout, row, BEST), "row " + row);
            for (int place = 0; place < BEST; place++) {
                int at = row * readout.kept() + place;
                assertEquals(exact[readout.topIds()[at]], readout.topLogits()[at]);
            }
            for (int target = 0; target < TARGETS; target++) {
                int at = row * TARGETS + target;
                int id = targets[at];
                assertEquals(id < 0 ? 0 : StatisticsReference.rank(exact, id), readout.targetRanks()[at]);
                assertEquals(id < 0 ? Float.NaN : (float) exact[id], readout.targetLogits()[at]);
            }
            for (int column = 0; row < 3 && column < ROWS; column++) {
                double expected = expectation(exact, logits[column]);
                double tolerance = type == DataType.FLOAT32 ? 1e-4 : 0.05;
                assertEquals(expected, expectations[row * ROWS + column], tolerance);
            }
        }
        for (int i = 0; i < whole.length; i++) {
            for (int token = 0; token < vocabulary; token++) {
                assertEquals(logits[whole[i]][token], readout.wholeRows()[i][token]);
            }
        }
    }

    /** As many as the largest k, with ties, so that whole chunks and more may be among the best. */
    @ParameterizedTest(name = "{0}, {1} tokens in tiles of {2}")
    @MethodSource("typesAndTiles")
    void manyOfTheBestAreKeptInOrder(DataType type, int vocabulary, int columns) {
        var random = new Random(vocabulary);
        int kept = Math.min(100, vocabulary);
        double[][] logits = logits(vocabulary, token -> 4 * random.nextInt(15));
        RowReadout readout = read(type, logits, columns, kept, new int[0], 0, new int[0]);

        for (int row = 0; row < ROWS; row++) {
            assertArrayEquals(StatisticsReference.top(logits[row], kept), best(readout, row, kept), "row " + row);
        }
    }

    @ParameterizedTest(name = "{0}, {1} tokens in tiles of {2}")
    @MethodSource("typesAndTiles")
    void ofEqualLogitsTheLowestTokensAreTheBest(DataType type, int vocabulary, int columns) {
        double[][] logits = logits(vocabulary, token -> 0);
        int[] targets = IntStream.generate(() -> vocabulary - 1).limit(ROWS).toArray();
        RowReadout readout = read(type, logits, columns, BEST, targets, 1, new int[0]);

        for (int row = 0; row < ROWS; row++) {
            assertArrayEquals(IntStream.range(0, BEST).toArray(), best(readout, row, BEST));
            assertEquals(1, readout.targetRanks()[row]);
            assertEquals(row + Math.log(vocabulary), readout.logSumExps()[row], 1e-5);
            assertEquals(Math.log(vocabulary), readout.entropies()[row], 1e-5);
        }
    }

    /** The best come last, from the last tile, chunk and column. */
    @ParameterizedTest(name = "{0}, {1} tokens in tiles of {2}")
    @MethodSource("typesAndTiles")
    void risingLogitsAreFollowed(DataType type, int vocabulary, int columns) {
        double[][] logits = logits(vocabulary, token -> token / Math.max(1, vocabulary / 100));
        RowReadout readout = read(type, logits, columns, BEST, new int[0], 0, new int[0]);

        for (int row = 0; row < ROWS; row++) {
            assertArrayEquals(StatisticsReference.top(logits[row], BEST), best(readout, row, BEST));
            assertEquals(StatisticsReference.logSumExp(logits[row]), readout.logSumExps()[row], 1e-5);
        }
    }

    @ParameterizedTest(name = "{0}, {1} tokens in tiles of {2}")
    @MethodSource("typesAndTiles")
    void hugeRangesNeitherOverflowNorVanish(DataType type, int vocabulary, int columns) {
        for (int place : new int[] {0, vocabulary - 1}) {
            double[][] logits = logits(vocabulary, token -> token == place ? 65536 : -65536);
            RowReadout readout = read(type, logits, columns, BEST, new int[0], ROWS, new int[0]);

            assertEquals(4096, readout.logSumExps()[0], 1e-3);
            assertEquals(0, readout.entropies()[0], 1e-6);
            assertEquals(place, readout.topIds()[0]);
            float[] expectations = readout.expectations().orElseThrow().rows().floats();
            assertEquals(4096, expectations[0], 1e-3);
        }
    }

    /** The product of a row with one token may be rounded differently from the product with all. */
    @Test
    void aTargetNeverCountsAgainstItself() {
        int width = 193;
        int vocabulary = 3000;
        int rows = 200;
        var random = new Random(5);
        TorchTensor unembedding = scope.floats(gaussians(random, vocabulary * width), vocabulary, width);
        TorchTensor input = scope.floats(gaussians(random, rows * width), rows, width);
        try (TorchTensorMap map = program.map(Map.of("unembedding.weight", unembedding))) {
            DeviceTiles tiles = tiles(map, DataType.FLOAT32, vocabulary, 1000);
            int[] best = tiles.read(scope, new HeadQuery(input, 1, 0, new int[0], 0, new int[0]), () -> false)
                    .topIds();
            int[] ranks = tiles.read(scope, new HeadQuery(input, 1, 1, best, 0, new int[0]), () -> false)
                    .targetRanks();

            assertArrayEquals(IntStream.generate(() -> 1).limit(rows).toArray(), ranks);
        }
    }

    @Test
    void aCanceledQueryEndsAtItsNextTile() {
        var looks = new AtomicInteger();
        TorchTensor rows = scope.floats(new float[] {1}, 1, 1);
        try (TorchTensorMap map = program.map(Map.of("unembedding.weight", scope.floats(new float[10], 10, 1)))) {
            var query = new HeadQuery(rows, 1, 0, new int[0], 0, new int[0]);
            DeviceTiles tiles = tiles(map, DataType.FLOAT32, 10, 1);

            assertThrows(
                    LensCanceledException.class, () -> tiles.read(scope, query, () -> looks.incrementAndGet() == 3));
        }
        assertEquals(3, looks.get());
    }

    private DeviceTiles tiles(TorchTensorMap map, DataType type, int vocabulary, int columns) {
        return new DeviceTiles(
                program, map, new DeviceTiles.Shape(vocabulary, columns, type, false), TorchTensor::floats);
    }

    /** Reads rows that choose columns of the unembedding, which holds the logits. */
    private RowReadout read(
            DataType type, double[][] logits, int columns, int best, int[] targets, int expected, int[] whole) {
        int vocabulary = logits[0].length;
        var values = new float[vocabulary * ROWS];
        var unit = new float[ROWS * ROWS];
        for (int row = 0; row < ROWS; row++) {
            unit[row * ROWS + row] = 1;
            for (int token = 0; token < vocabulary; token++) {
                values[token * ROWS + row] = (float) logits[row][token];
            }
        }
        TorchTensor unembedding =
                weights.tensor(scope, "convert", scope.floats(values, vocabulary, ROWS), TorchTypes.code(type));
        try (TorchTensorMap map = program.map(Map.of("unembedding.weight", unembedding))) {
            var query = new HeadQuery(
                    scope.floats(unit, ROWS, ROWS), best, targets.length / ROWS, targets, expected, whole);
            return tiles(map, type, vocabulary, columns).read(scope, query, () -> false);
        }
    }

    /** Sixteenths, and the number of the row. */
    private static double[][] logits(int vocabulary, IntUnaryOperator sixteenths) {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> IntStream.range(0, vocabulary)
                        .mapToDouble(token -> sixteenths.applyAsInt(token) / 16.0 + row)
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double expectation(double[] logits, double[] values) {
        double logSumExp = StatisticsReference.logSumExp(logits);
        return IntStream.range(0, logits.length)
                .mapToDouble(token -> Math.exp(logits[token] - logSumExp) * values[token])
                .sum();
    }

    private static int[] best(RowReadout readout, int row, int count) {
        int first = row * readout.kept();
        return Arrays.copyOfRange(readout.topIds(), first, first + count);
    }

    private static float[] gaussians(Random random, int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
