package dev.stratalens.engine.lens.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.LoadedModel;
import dev.stratalens.engine.lens.RecordingListener;
import dev.stratalens.engine.lens.RecordingPlan;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts that share a pass get the same results as alone. */
class LensPassTest {

    private static final float TOLERANCE = 1e-4f;
    private static final RequestedTarget NEXT = new RequestedTarget.NextToken();
    private static final RequestedTarget FINAL_TOP = new RequestedTarget.FinalTop();

    private final ParityCase parity = ParityCases.named("llama");
    private final LoadedModel lens = lens(new TileGeometry(7, 50));

    /** Plans that differ in everything that may differ. */
    private final List<LensPlan> plans = List.of(
            plan(prompt(0, 9), new int[] {-1, 0, 1}, range(0, 9), 5, List.of(NEXT), new RequestedLens.Logit()),
            plan(prompt(3, 4), new int[] {1}, new int[] {1, 3}, 2, List.of(FINAL_TOP, NEXT), new RequestedLens.Logit()),
            plan(prompt(1, 1), new int[] {0, 1}, new int[] {0}, 7, List.of(), new RequestedLens.Raw()),
            plan(
                    prompt(5, 6),
                    new int[] {-1},
                    new int[] {5},
                    1,
                    List.of(NEXT, NEXT, FINAL_TOP),
                    new RequestedLens.Logit()));

    @AfterEach
    void close() {
        lens.close();
    }

    @ParameterizedTest(name = "tiles of {0} x {1}")
    @CsvSource({"256, 4096", "5, 67", "1, 33"})
    void promptsInOnePassGetWhatTheyGetAlone(int rows, int columns) {
        try (LoadedModel packed = lens(new TileGeometry(rows, columns))) {
            List<RecordingPlan> recorded =
                    plans.stream().map(RecordingPlan::new).toList();

            packed.run(recorded.stream().map(RecordingPlan::wanted).toList(), Interlude.NONE);

            for (int i = 0; i < plans.size(); i++) {
                var alone = new RecordingListener();
                LensOutcome outcome = lens.run(plans.get(i), alone, () -> false);
                assertSame(alone, recorded.get(i).results, "plan " + i);
                assertEquals(outcome.omittedRows(), recorded.get(i).outcome().omittedRows());
                assertEquals(
                        outcome.selfCheck().positions(),
                        recorded.get(i).outcome().selfCheck().positions());
                assertTrue(recorded.get(i).outcome().selfCheck().top1Agrees());
                assertEquals(0, recorded.get(i).outcome().selfCheck().maxLogitDifference(), 1e-3);
            }
        }
    }

    @Test
    void oneThatIsCanceledOrFailsLeavesThePassAndTheOthersGoOn() {
        var alone = new RecordingListener();
        lens.run(plans.get(2), alone, () -> false);
        int before = lens.model().tensors().open();
        var canceled = new RecordingPlan(plans.get(0));
        canceled.cancelAfterBlock(1);
        var failing = new RecordingPlan(plans.get(1));
        failing.failAtTargets(new IllegalStateException("reader is gone"));
        var wanted = new RecordingPlan(plans.get(2));

        lens.run(List.of(canceled.wanted(), failing.wanted(), wanted.wanted()), Interlude.NONE);

        assertInstanceOf(LensCanceledException.class, canceled.failure());
        assertEquals(List.of(0, 1), canceled.results.blocksDone);
        assertEquals("reader is gone", failing.failure().getMessage());
        assertTrue(failing.results.layers.isEmpty());
        assertSame(alone, wanted.results, "the one that stays");
        assertEquals(before, lens.model().tensors().open());
    }

    @Test
    void anInterludeMayComputeOthersAtAnyStep() {
        var alone = new RecordingListener();
        lens.run(plans.get(0), alone, () -> false);
        var others = new RecordingListener();
        lens.run(plans.get(1), others, () -> false);
        var outer = new RecordingPlan(plans.get(0));
        var interludes = new AtomicInteger();

        lens.run(List.of(outer.wanted()), () -> {
            interludes.incrementAndGet();
            var nested = new RecordingListener();
            lens.run(plans.get(1), nested, () -> false);
            assertSame(others, nested, "the one that was let in");
        });

        outer.outcome();
        assertSame(alone, outer.results, "the one that let others in");
        int rows = plans.get(0).readPoints().size() * plans.get(0).positions().length;
        assertTrue(interludes.get() > parity.layers() + rows / 9, "interludes: " + interludes);
    }

    @Test
    void whatEndsThePassReachesEveryPlan() {
        var first = new RecordingPlan(plans.get(0));
        var second = new RecordingPlan(plans.get(1));

        lens.run(List.of(first.wanted(), second.wanted()), () -> {
            throw new IllegalStateException("no interlude may throw");
        });

        assertEquals("no interlude may throw", first.failure().getMessage());
        assertEquals("no interlude may throw", second.failure().getMessage());
        assertThrows(AssertionError.class, first::outcome);
    }

    @Test
    void severalLensesOfAPlanReadBitByBitWhatEachReadsAlone() {
        // A target that depends on the output: the model's own output is always read in separate blocks.
        int[] layers = {-1, 0, 1};
        var raw = new RequestedLens.Raw();
        var logit = new RequestedLens.Logit();
        var both = new RecordingListener();
        lens.run(plan(prompt(0, 9), layers, range(0, 9), 5, List.of(FINAL_TOP), raw, logit), both, () -> false);

        List<RequestedLens> lenses = List.of(raw, logit);
        for (int i = 0; i < lenses.size(); i++) {
            int index = i;
            var alone = new RecordingListener();
            lens.run(plan(prompt(0, 9), layers, range(0, 9), 5, List.of(FINAL_TOP), lenses.get(i)), alone, () -> false);
            assertIdentical(
                    alone,
                    both.layers.stream().filter(cells -> cells.lens() == index).toList(),
                    both.trajectories.stream()
                            .filter(trajectory -> trajectory.lens() == index)
                            .toList());
        }
        assertEquals(2 * layers.length, both.layers.size());
        assertEquals(2 * 9, both.trajectories.size());
    }

    private static void assertIdentical(
            RecordingListener expected, List<CellReadout> cells, List<PositionTrajectory> trajectories) {
        assertEquals(expected.layers.size(), cells.size());
        for (int i = 0; i < cells.size(); i++) {
            CellReadout one = expected.layers.get(i);
            CellReadout other = cells.get(i);
            assertEquals(one.readPoint(), other.readPoint());
            assertArrayEquals(one.topIds(), other.topIds());
            assertArrayEquals(one.topLogProbs(), other.topLogProbs());
            assertArrayEquals(one.targetRanks(), other.targetRanks());
            assertArrayEquals(one.targetLogProbs(), other.targetLogProbs());
            assertEquals(EnumSet.allOf(Statistic.class), other.columns().statistics());
            for (Statistic statistic : Statistic.values()) {
                assertArrayEquals(one.columns().of(statistic), other.columns().of(statistic));
            }
        }
        assertEquals(expected.trajectories.size(), trajectories.size());
        for (int i = 0; i < trajectories.size(); i++) {
            assertArrayEquals(
                    expected.trajectories.get(i).tokenIds(), trajectories.get(i).tokenIds());
            assertArrayEquals(
                    expected.trajectories.get(i).logProbs(), trajectories.get(i).logProbs());
        }
    }

    @Test
    void everyPlanHearsOfEveryGroupOfRowsWhoseverItIs() {
        var model = model();
        try (var kernel = new CountingKernel(model);
                var lenses = new Lenses(model, List.of())) {
            List<HearingListener> hearing = plans.stream()
                    .map(plan -> new HearingListener(plan, kernel))
                    .toList();

            new LensPass(
                            model,
                            lenses,
                            Map.of(model.placement().head(), kernel),
                            new FiniteLogits(model, List.of()),
                            hearing.stream().map(HearingListener::wanted).toList(),
                            Interlude.NONE)
                    .run();

            assertTrue(kernel.groups() > 20, "groups: " + kernel.groups());
            hearing.forEach(HearingListener::requireComplete);
        }
        model.close();
    }

    private static void assertSame(RecordingListener expected, RecordingListener actual, String what) {
        assertArrayEquals(expected.targets().finalTopIds(), actual.targets().finalTopIds(), what);
        assertArrayEquals(expected.targets().targetIds(), actual.targets().targetIds(), what);
        assertEquals(expected.layers.size(), actual.layers.size(), what);
        for (int i = 0; i < expected.layers.size(); i++) {
            CellReadout one = expected.layers.get(i);
            CellReadout other = actual.layers.get(i);
            String layer = what + ", read point " + one.readPoint();
            assertEquals(one.readPoint(), other.readPoint(), layer);
            assertEquals(one.columns().statistics(), other.columns().statistics(), layer);
            assertArrayEquals(one.topIds(), other.topIds(), layer);
            assertArrayEquals(one.topLogProbs(), other.topLogProbs(), TOLERANCE, layer);
            for (Statistic statistic : one.columns().statistics()) {
                assertArrayEquals(
                        one.columns().of(statistic), other.columns().of(statistic), TOLERANCE, layer + statistic);
            }
            assertArrayEquals(one.targetRanks(), other.targetRanks(), layer);
            assertArrayEquals(one.targetLogProbs(), other.targetLogProbs(), TOLERANCE, layer);
        }
        assertEquals(expected.trajectories.size(), actual.trajectories.size(), what);
        for (int i = 0; i < expected.trajectories.size(); i++) {
            PositionTrajectory one = expected.trajectories.get(i);
            PositionTrajectory other = actual.trajectories.get(i);
            assertArrayEquals(one.tokenIds(), other.tokenIds(), what);
            assertArrayEquals(one.logProbs(), other.logProbs(), TOLERANCE, what);
        }
    }

    private LoadedModel lens(TileGeometry tiles) {
        CausalLanguageModel model = model();
        return new LoadedModel("llama", model, new FakeTokenizer(), HeadForm.PROCESSOR.of(model.head(), tiles), 2);
    }

    private CausalLanguageModel model() {
        return CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, (done, total) -> {});
    }

    private int[] prompt(int first, int length) {
        return Arrays.copyOfRange(parity.tokenIds(), first, first + length);
    }

    private static LensPlan plan(
            int[] prompt,
            int[] layers,
            int[] positions,
            int topK,
            List<RequestedTarget> targets,
            RequestedLens... lenses) {
        Set<Statistic> statistics = topK == 1 ? Set.of() : EnumSet.allOf(Statistic.class);
        return new LensPlan(
                prompt,
                List.of(lenses),
                ReadPoints.layers(layers),
                positions,
                topK,
                targets.stream()
                        .map(target -> new PlannedTarget(target, List.of()))
                        .toList(),
                statistics,
                topK == 2 ? OptionalDouble.empty() : OptionalDouble.of(0.01));
    }

    private static int[] range(int first, int end) {
        return IntStream.range(first, end).toArray();
    }
}
