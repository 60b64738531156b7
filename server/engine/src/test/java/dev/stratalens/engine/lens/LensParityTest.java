package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.HeadKernel;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.RequestedTarget;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares every layer, position and statistic with transformers, within the documented float32 tolerances. */
class LensParityTest {

    private static final int TOP_K = 10;
    private static final int NEXT = 0;
    private static final int FINAL_TOP = 1;
    private static final int NAMED = 2;
    private static final int NAMED_ID = 7;
    private static final int TARGETS = 3;
    private static final float TIE = 1e-4f;

    /** Tiles that hold everything, and tiles that divide neither rows nor vocabulary. */
    private record Reading(HeadForm form, TileGeometry tiles) {}

    private static final List<Reading> READINGS = List.of(
            new Reading(HeadForm.PROCESSOR, new TileGeometry(256, 4096)),
            new Reading(HeadForm.PROCESSOR, new TileGeometry(5, 67)),
            new Reading(HeadForm.DEVICE, new TileGeometry(5, 67)));

    static Stream<Arguments> cases() {
        return Stream.concat(ParityCases.all(), ParityCases.otherFormats())
                .map(parity -> Arguments.of(parity.name(), parity));
    }

    /** Most of the time goes into loading a model, so each is loaded once. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyLayerPositionAndStatisticAgreesWithTransformers(String name, ParityCase parity) {
        try (var model = CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, (done, total) -> {})) {
            assertAll(READINGS.stream().<Executable>map(reading -> () -> assertAgrees(parity, model, reading)));
        }
    }

    private static void assertAgrees(ParityCase parity, CausalLanguageModel model, Reading reading) {
        try (HeadKernel kernel = reading.form().of(model.head(), reading.tiles())) {
            var lens = new LoadedModel(parity.name(), model, new FakeTokenizer(), kernel, 2);
            assertAll(
                    reading.toString(),
                    () -> assertLogitLens(parity, lens),
                    () -> assertTheFinalNormIsSkipped(parity, lens));
        }
    }

    private static void assertLogitLens(ParityCase parity, LoadedModel lens) {
        var result = new RecordingListener();
        LensOutcome outcome = lens.run(plan(parity, new RequestedLens.Logit()), result, () -> false);

        assertEquals(parity.layers() + 1, result.layers.size());
        for (CellReadout readout : result.layers) {
            for (int position = 0; position < parity.tokens(); position++) {
                assertCell(parity, result.targets(), readout, position);
            }
        }
        for (int position = 0; position < parity.tokens(); position++) {
            assertTrajectories(parity, result, position);
        }
        assertTrue(outcome.selfCheck().top1Agrees());
        assertEquals(0, outcome.selfCheck().maxLogitDifference(), 1e-3);
        assertEquals(IntStream.rangeClosed(0, parity.layers()).boxed().toList(), result.blocksDone);
    }

    private static void assertTheFinalNormIsSkipped(ParityCase parity, LoadedModel lens) {
        var result = new RecordingListener();
        lens.run(plan(parity, new RequestedLens.Raw()), result, () -> false);

        for (CellReadout readout : result.layers) {
            for (int position = 0; position < parity.tokens(); position++) {
                String cell = cell(readout, position);
                assertClose(
                        parity.logSumExpWithoutFinalNorm(layer(readout), position),
                        readout.columns().of(Statistic.LOG_SUM_EXP)[position],
                        cell);
                int expected = parity.top1WithoutFinalNorm(layer(readout), position);
                boolean tied =
                        readout.topLogProbs()[position * TOP_K] - readout.topLogProbs()[position * TOP_K + 1] <= TIE;
                assertTrue(expected == readout.topIds()[position * TOP_K] || tied, cell + ": top-1");
            }
        }
        // "Final" is still the model's own output.
        for (int position = 0; position < parity.tokens(); position++) {
            assertEquals(
                    parity.topIds(parity.layers() - 1, position)[0],
                    result.targets().finalTopIds()[position]);
        }
    }

    private static LensPlan plan(ParityCase parity, RequestedLens lens) {
        return new LensPlan(
                parity.tokenIds(),
                List.of(lens),
                ReadPoints.layers(IntStream.range(-1, parity.layers()).toArray()),
                IntStream.range(0, parity.tokens()).toArray(),
                TOP_K,
                List.of(
                        new PlannedTarget(new RequestedTarget.NextToken(), List.of()),
                        new PlannedTarget(new RequestedTarget.FinalTop(), List.of()),
                        new PlannedTarget(new RequestedTarget.TokenId(NAMED_ID), List.of(NAMED_ID))),
                EnumSet.allOf(Statistic.class),
                OptionalDouble.of(0));
    }

    private static void assertCell(ParityCase parity, FinalTargets targets, CellReadout readout, int position) {
        int layer = layer(readout);
        String cell = cell(readout, position);
        assertClose(
                parity.logSumExp(layer, position),
                readout.columns().of(Statistic.LOG_SUM_EXP)[position],
                cell + ": log-sum-exp");
        assertClose(
                parity.entropy(layer, position), readout.columns().of(Statistic.ENTROPY)[position], cell + ": entropy");
        assertClose(
                parity.klFromFinal(layer, position),
                readout.columns().of(Statistic.KL_FROM_FINAL)[position],
                cell + ": KL from final");
        assertClose(
                parity.klFromNext(layer, position),
                readout.columns().of(Statistic.KL_FROM_NEXT)[position],
                cell + ": KL from next");
        float[] first = parity.topLogProbs(layer, position);
        assertClose(first[0] - first[1], readout.columns().of(Statistic.MARGIN)[position], cell + ": margin");
        assertTop(parity, readout, position, cell);
        assertTarget(
                parity.nextTokenRank(layer, position),
                parity.nextTokenLogProb(layer, position),
                readout,
                position,
                NEXT);
        assertTarget(
                parity.finalTopRank(layer, position),
                parity.finalTopLogProb(layer, position),
                readout,
                position,
                FINAL_TOP);
        int best = parity.topIds(parity.layers() - 1, position)[0];
        assertEquals(best, targets.targetIds()[position * TARGETS + FINAL_TOP], cell);
        assertEquals(NAMED_ID, targets.targetIds()[position * TARGETS + NAMED], cell);
        if (layer == parity.layers() - 1) {
            assertEquals(
                    0f,
                    readout.columns().of(Statistic.KL_FROM_FINAL)[position],
                    cell + ": KL of the last block is exactly 0");
            assertEquals(1, readout.targetRanks()[position * TARGETS + FINAL_TOP], cell);
        }
    }

    /** Ids may differ where log-probabilities tie. */
    private static void assertTop(ParityCase parity, CellReadout readout, int position, String cell) {
        int[] expectedIds = parity.topIds(layer(readout), position);
        float[] expected = parity.topLogProbs(layer(readout), position);
        for (int i = 0; i < TOP_K; i++) {
            float actual = readout.topLogProbs()[position * TOP_K + i];
            assertClose(expected[i], actual, cell + ": log-probability of the best, place " + i);
            int id = readout.topIds()[position * TOP_K + i];
            int place = i;
            boolean tied = IntStream.range(0, TOP_K)
                    .anyMatch(j -> expectedIds[j] == id && Math.abs(expected[j] - expected[place]) <= TIE);
            boolean tiedWithTheFirstLeftOut = Math.abs(expected[TOP_K - 1] - actual) <= TIE;
            assertTrue(expectedIds[i] == id || tied || tiedWithTheFirstLeftOut, cell + ": id at place " + i);
        }
    }

    private static void assertTarget(
            int expectedRank, float expectedLogProb, CellReadout readout, int position, int target) {
        int actual = readout.targetRanks()[position * TARGETS + target];
        String cell = cell(readout, position) + ": target " + target;
        assertClose(expectedLogProb, readout.targetLogProbs()[position * TARGETS + target], cell);
        // A near tie may move the rank by one.
        assertEquals(expectedRank, actual, expectedRank == 0 ? 0 : 1, cell + ": rank");
    }

    private static void assertTrajectories(ParityCase parity, RecordingListener result, int position) {
        PositionTrajectory trajectory = result.trajectories.get(position);
        assertEquals(position, trajectory.positionIndex());
        int[] tracked = Stream.concat(
                        result.layers.stream()
                                .filter(layer -> layer(layer) >= 0)
                                .flatMap(
                                        layer -> Arrays.stream(layer.topIds(), position * TOP_K, (position + 1) * TOP_K)
                                                .boxed()),
                        Stream.of(NAMED_ID))
                .distinct()
                .sorted()
                .mapToInt(Integer::intValue)
                .toArray();
        assertTrue(Arrays.equals(tracked, trajectory.tokenIds()), "tracked tokens at position " + position);
        if (Arrays.stream(parity.logitPositions()).noneMatch(recorded -> recorded == position)) {
            return;
        }
        int layers = result.layers.size();
        for (int i = 0; i < layers; i++) {
            int layer = i - 1;
            float[] logits = parity.logits(layer, position);
            for (int token = 0; token < tracked.length; token++) {
                double expected = logits[tracked[token]] - parity.logSumExp(layer, position);
                double actual = trajectory.logProbs()[token * layers + i];
                String cell = "layer %d, position %d, token %d".formatted(layer, position, tracked[token]);
                assertClose((float) expected, (float) actual, cell);
                assertEquals(Math.exp(expected), Math.exp(actual), 1e-4, cell);
            }
        }
    }

    private static void assertClose(float expected, float actual, String what) {
        if (Float.isNaN(expected)) {
            assertTrue(Float.isNaN(actual), what + " is undefined");
        } else {
            assertEquals(expected, actual, 1e-3f + 1e-3f * Math.abs(expected), what);
        }
    }

    /** The embedding is -1, and is read first. */
    private static int layer(CellReadout readout) {
        return readout.readPoint() - 1;
    }

    private static String cell(CellReadout readout, int position) {
        return "layer %d, position %d".formatted(layer(readout), position);
    }
}
