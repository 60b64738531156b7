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
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
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
                CellParity.assertClose(
                        parity.logSumExpWithoutFinalNorm(layer(readout), position),
                        readout.columns().of(Statistic.LOG_SUM_EXP)[position],
                        cell);
                int expected = parity.top1WithoutFinalNorm(layer(readout), position);
                boolean tied = readout.topLogProbs()[position * CellParity.TOP_K]
                                - readout.topLogProbs()[position * CellParity.TOP_K + 1]
                        <= CellParity.TIE;
                assertTrue(expected == readout.topIds()[position * CellParity.TOP_K] || tied, cell + ": top-1");
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
                CellParity.TOP_K,
                CellParity.TARGETS,
                EnumSet.allOf(Statistic.class),
                OptionalDouble.of(0));
    }

    private static void assertCell(ParityCase parity, FinalTargets targets, CellReadout readout, int position) {
        int layer = layer(readout);
        new CellParity(parity, parity).assertCell(targets, readout, layer, position);
        if (layer == parity.layers() - 1) {
            assertEquals(
                    0f,
                    readout.columns().of(Statistic.KL_FROM_FINAL)[position],
                    cell(readout, position) + ": KL of the last block is exactly 0");
            assertEquals(
                    1,
                    readout.targetRanks()[position * CellParity.TARGETS.size() + CellParity.FINAL_TOP],
                    cell(readout, position));
        }
    }

    private static void assertTrajectories(ParityCase parity, RecordingListener result, int position) {
        PositionTrajectory trajectory = result.trajectories.get(position);
        assertEquals(position, trajectory.positionIndex());
        int[] tracked = Stream.concat(
                        result.layers.stream()
                                .filter(layer -> layer(layer) >= 0)
                                .flatMap(layer -> Arrays.stream(
                                                layer.topIds(),
                                                position * CellParity.TOP_K,
                                                (position + 1) * CellParity.TOP_K)
                                        .boxed()),
                        Stream.of(CellParity.NAMED_ID))
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
                CellParity.assertClose((float) expected, (float) actual, cell);
                assertEquals(Math.exp(expected), Math.exp(actual), 1e-4, cell);
            }
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
