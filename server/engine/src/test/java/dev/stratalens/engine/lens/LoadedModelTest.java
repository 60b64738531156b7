package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests everything except the numbers: selections, cancellation, memory. */
class LoadedModelTest {

    private final ParityCase parity = ParityCases.named("llama");
    private final LoadedModel lens = lens(parity, Precision.FLOAT32);

    @AfterEach
    void close() {
        lens.close();
    }

    @Test
    void chosenLayersAndPositionsReadAsTheyDoAmongAll() {
        var all = new RecordingListener();
        lens.run(plan(range(0, parity.layers()), range(0, parity.tokens())), all, () -> false);
        var some = new RecordingListener();
        lens.run(plan(new int[] {1}, new int[] {2, 5}), some, () -> false);

        assertEquals(1, some.layers.size());
        CellReadout expected = all.layers.get(1);
        CellReadout actual = some.layers.get(0);
        assertEquals(0, actual.readPoint());
        assertEquals(
                expected.columns().of(Statistic.LOG_SUM_EXP)[2],
                actual.columns().of(Statistic.LOG_SUM_EXP)[0],
                1e-4);
        assertEquals(
                expected.columns().of(Statistic.LOG_SUM_EXP)[5],
                actual.columns().of(Statistic.LOG_SUM_EXP)[1],
                1e-4);
        assertEquals(
                expected.columns().of(Statistic.KL_FROM_FINAL)[5],
                actual.columns().of(Statistic.KL_FROM_FINAL)[1],
                1e-4);
        assertEquals(all.targets().finalTopIds()[5], some.targets().finalTopIds()[1]);
    }

    @Test
    void statisticsThatNobodyAskedForAreLeftOut() {
        var result = new RecordingListener();
        var bare = new LensPlan(
                parity.tokenIds(),
                List.of(new RequestedLens.Logit()),
                ReadPoints.layers(0),
                new int[] {0},
                1,
                List.of(),
                Set.of(),
                OptionalDouble.empty());
        lens.run(bare, result, () -> false);
        CellReadout readout = result.layers.get(0);
        assertEquals(Set.of(), readout.columns().statistics());
        assertThrows(IllegalArgumentException.class, () -> readout.columns().of(Statistic.LOG_SUM_EXP));
        assertEquals(0, readout.targetRanks().length);
        assertTrue(result.trajectories.isEmpty());
    }

    @Test
    void trajectoriesBelowTheMinimumPeakAreCountedAndLeftOut() {
        var all = new RecordingListener();
        LensPlan plan = plan(range(0, parity.layers()), new int[] {3});
        lens.run(plan, all, () -> false);
        var peaks = new RecordingListener();
        LensOutcome outcome = lens.run(withMinimumPeak(plan, 0.2), peaks, () -> false);

        int kept = peaks.trajectories.get(0).tokenIds().length;
        int tracked = all.trajectories.get(0).tokenIds().length;
        assertTrue(kept < tracked, kept + " of " + tracked);
        assertEquals(tracked - kept, outcome.omittedRows());
        long expected = IntStream.range(0, tracked)
                .filter(token -> IntStream.range(0, parity.layers())
                        .anyMatch(i ->
                                Math.exp(all.trajectories.get(0).logProbs()[token * parity.layers() + i]) >= 0.2))
                .count();
        assertEquals(expected, kept);
    }

    @Test
    void cancellationStopsWithinOneBlock() {
        var canceled = new AtomicBoolean();
        var result = new RecordingListener() {
            @Override
            public void progress(Phase phase, long done, long total) {
                super.progress(phase, done, total);
                canceled.set(phase == Phase.FORWARD && done == 1);
            }
        };
        LensPlan plan = plan(range(0, parity.layers()), range(0, parity.tokens()));
        assertThrows(LensCanceledException.class, () -> lens.run(plan, result, canceled::get));
        assertEquals(List.of(0, 1), result.blocksDone);
        assertTrue(result.layers.isEmpty());
    }

    @Test
    void nothingStaysAfterSuccessErrorOrCancellation() {
        LensPlan plan = plan(range(0, parity.layers()), range(0, parity.tokens()));
        lens.run(plan, new RecordingListener(), () -> false);
        int before = open();
        lens.run(plan, new RecordingListener(), () -> false);
        assertEquals(before, open(), "after success");
        assertThrows(LensCanceledException.class, () -> lens.run(plan, new RecordingListener(), () -> true));
        assertEquals(before, open(), "after cancellation");
        var failing = new RecordingListener() {
            @Override
            public void cells(CellReadout readout) {
                throw new IllegalStateException("reader is gone");
            }
        };
        assertThrows(IllegalStateException.class, () -> lens.run(plan, failing, () -> false));
        assertEquals(before, open(), "after an error");
    }

    /** The count does not depend on the machine: open tensors while layers are passed on. */
    @Test
    void layersThatWereHandedOverLeaveNothingBehind() {
        var living = new ArrayList<Integer>();
        var counting = new RecordingListener() {
            @Override
            public void cells(CellReadout readout) {
                living.add(open());
            }
        };
        int before = open();
        lens.run(plan(range(-1, parity.layers()), range(0, parity.tokens())), counting, () -> false);
        assertEquals(parity.layers() + 1, living.size());
        assertTrue(living.stream().distinct().count() == 1, "living tensors at each layer: " + living);
        assertTrue(living.get(0) - before < 16, "%d before, %s at each layer".formatted(before, living));
    }

    @Test
    void nothingStaysOfAModelThatIsClosed() {
        LoadedModel other = lens(parity, Precision.FLOAT32);
        assertTrue(other.model().tensors().open() > 10);
        int before = open();
        other.close();
        assertEquals(0, other.model().tensors().open());
        assertEquals(before, open(), "another model's");
    }

    @Test
    void theSameRequestGivesTheSameNumbers() {
        LensPlan plan = plan(range(0, parity.layers()), range(0, parity.tokens()));
        var first = new RecordingListener();
        var second = new RecordingListener();
        lens.run(plan, first, () -> false);
        lens.run(plan, second, () -> false);
        for (int i = 0; i < first.layers.size(); i++) {
            assertArrayEquals(first.layers.get(i).topIds(), second.layers.get(i).topIds());
            assertArrayEquals(
                    first.layers.get(i).topLogProbs(), second.layers.get(i).topLogProbs());
        }
    }

    @Test
    void memoryNeedGrowsWithRowsButNotWithLayersTimesVocabulary() {
        long one = lens.memoryNeed(plan(new int[] {0}, new int[] {0}));
        long all = lens.memoryNeed(plan(range(0, parity.layers()), range(0, parity.tokens())));
        assertTrue(one < all);
        long logits = 4L * parity.layers() * parity.tokens() * parity.vocabularySize();
        assertTrue(
                all - one < logits, "%d bytes more for every cell, %d for their logits".formatted(all - one, logits));
    }

    private int open() {
        return lens.model().tensors().open();
    }

    static LoadedModel lens(ParityCase parity, Precision precision) {
        var model = CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), precision, (done, total) -> {});
        return LoadedModel.of(parity.name(), model, new FakeTokenizer(), 1 << 20, 2);
    }

    private LensPlan plan(int[] layers, int[] positions) {
        return new LensPlan(
                parity.tokenIds(),
                List.of(new RequestedLens.Logit()),
                ReadPoints.layers(layers),
                positions,
                5,
                List.of(),
                Set.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY, Statistic.KL_FROM_FINAL),
                OptionalDouble.of(0));
    }

    private static LensPlan withMinimumPeak(LensPlan plan, double peak) {
        return new LensPlan(
                plan.tokenIds(),
                plan.lenses(),
                plan.readPoints(),
                plan.positions(),
                plan.topK(),
                plan.targets(),
                plan.statistics(),
                OptionalDouble.of(peak));
    }

    private static int[] range(int first, int end) {
        return IntStream.range(first, end).toArray();
    }
}
