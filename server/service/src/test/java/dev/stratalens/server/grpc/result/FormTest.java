package dev.stratalens.server.grpc.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.engine.lens.result.PositionTrajectory;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.server.grpc.result.CompactReader.Cell;
import dev.stratalens.server.grpc.result.CompactReader.Place;
import dev.stratalens.server.scheduling.RequestStart;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.NumberForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both forms of the same result, decoded, against what the engine gave. */
final class FormTest {

    private final FakeLensEngine engine = FakeLensEngine.named("fake");

    static Stream<RequestedPlan> requests() {
        RequestedPlan.Builder all = request()
                .lenses(List.of(new RequestedLens.Raw(), new RequestedLens.Logit()))
                .sites(List.of(Site.BLOCK_OUTPUT, Site.EMBEDDING))
                .targets(List.of(
                        new RequestedTarget.NextToken(),
                        new RequestedTarget.FinalTop(),
                        new RequestedTarget.TokenId(7),
                        new RequestedTarget.TokenId(7),
                        new RequestedTarget.Text(" Paris")))
                .statistics(List.of(Statistic.values()));
        return Stream.of(
                request().build(),
                request().trajectories(0).build(),
                all.build(),
                all.trajectories(0).build(),
                all.trajectories(0.05).positions(List.of(IndexRange.of(-2, -1))).build());
    }

    @ParameterizedTest
    @MethodSource("requests")
    void eachNumberOfTheCompactFormIsWithinItsBound(RequestedPlan request) {
        Result result = new Result();
        PlannedRequest planned = run(request, result);
        CompactReader compact = read(planned, result, NumberForm.NUMBER_FORM_COMPACT);
        CompactReader exact = read(planned, result, NumberForm.NUMBER_FORM_FLOAT32);

        assertEquals(0, compact.exactChunks());
        assertEquals(
                result.cells.size() * planned.plan().positions().length,
                compact.cells().size());
        assertEquals(compact.cells().keySet(), exact.cells().keySet());
        compact.cells().forEach((place, cell) -> {
            Cell other = exact.cell(place);
            assertEquals(other.ids(), cell.ids());
            assertEquals(other.ranks(), cell.ranks());
            assertClose(other.logProbs(), cell.logProbs(), 1024);
            assertClose(other.targets(), cell.targets(), 1024);
            assertColumnsClose(planned, other.columns(), cell.columns());
        });
        assertEquals(compact.trajectories().keySet(), exact.trajectories().keySet());
        compact.trajectories().forEach((place, rows) -> {
            Map<Integer, List<Double>> others = exact.trajectory(place);
            assertEquals(others.keySet(), rows.keySet());
            rows.forEach((id, row) -> assertClose(exact.row(place, id), row, 256));
        });
    }

    @ParameterizedTest
    @MethodSource("requests")
    void theExactFormIsWhatTheEngineGave(RequestedPlan request) {
        Result result = new Result();
        PlannedRequest planned = run(request, result);
        CompactReader exact = read(planned, result, NumberForm.NUMBER_FORM_FLOAT32);
        int k = planned.plan().topK();
        int m = planned.plan().targets().size();

        for (CellReadout cells : result.cells) {
            for (int p = 0; p < planned.plan().positions().length; p++) {
                Cell cell = exact.cell(new Place(cells.lens(), cells.readPoint(), p));
                for (int i = 0; i < k; i++) {
                    assertEquals(cells.topIds()[p * k + i], cell.ids().get(i));
                    assertEquals(cells.topLogProbs()[p * k + i], cell.logProbs().get(i));
                }
                for (int i = 0; i < m; i++) {
                    assertEquals(cells.targetRanks()[p * m + i], cell.ranks().get(i));
                    assertEquals(
                            cells.targetLogProbs()[p * m + i],
                            cell.targets().get(i).floatValue());
                }
                List<Statistic> statistics = List.copyOf(planned.plan().statistics());
                for (int i = 0; i < statistics.size(); i++) {
                    assertEquals(
                            cells.columns().of(statistics.get(i))[p],
                            cell.columns().get(i).floatValue());
                }
            }
        }
        for (PositionTrajectory trajectory : result.trajectories) {
            Map<Integer, List<Double>> rows =
                    exact.trajectory(new Place(trajectory.lens(), 0, trajectory.positionIndex()));
            int points = planned.plan().readPoints().size();
            assertEquals(trajectory.tokenIds().length, rows.size());
            for (int i = 0; i < trajectory.logProbs().length; i++) {
                assertEquals(
                        trajectory.logProbs()[i],
                        Objects.requireNonNull(rows.get(trajectory.tokenIds()[i / points]))
                                .get(i % points),
                        1e-4);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("notFinite")
    void aChunkWithANumberThatIsNotFiniteIsExactAndTheOthersAreNot(UnaryOperator<CellReadout> change) {
        RequestedPlan request = request()
                .targets(List.of(new RequestedTarget.TokenId(7)))
                .statistics(List.of(Statistic.values()))
                .trajectories(0)
                .build();
        Result result = new Result();
        PlannedRequest planned = run(request, result);
        result.cells.set(2, change.apply(result.cells.get(2)));
        CompactReader compact = read(planned, result, NumberForm.NUMBER_FORM_COMPACT);
        CompactReader exact = read(planned, result, NumberForm.NUMBER_FORM_FLOAT32);

        assertEquals(1, compact.exactChunks());
        compact.cells().forEach((place, cell) -> {
            Cell other = exact.cell(place);
            assertClose(other.logProbs(), cell.logProbs(), 1024);
            assertClose(other.targets(), cell.targets(), 1024);
            assertColumnsClose(planned, other.columns(), cell.columns());
        });
        compact.trajectories()
                .forEach((place, rows) -> rows.forEach((id, row) -> assertClose(exact.row(place, id), row, 256)));
    }

    static Stream<UnaryOperator<CellReadout>> notFinite() {
        return Stream.of(
                cells -> {
                    cells.topLogProbs()[4] = Float.NEGATIVE_INFINITY;
                    return cells;
                },
                cells -> {
                    cells.targetLogProbs()[1] = Float.NaN;
                    return cells;
                },
                cells -> {
                    cells.columns().of(Statistic.ENTROPY)[1] = Float.POSITIVE_INFINITY;
                    return cells;
                },
                cells -> {
                    cells.columns().of(Statistic.LOG_SUM_EXP)[1] = 1e30f;
                    return cells;
                });
    }

    @Test
    void smallProbabilitiesStayDistinguishableFromNothing() {
        for (double p : new double[] {1, 0.5, 1e-4, 1e-9, 1e-46, 1e-300}) {
            int code = LogCode.ofTrackedLogProb(Math.log(p));
            double back = -Math.expm1(code / 256.0);
            assertEquals(Math.log(p), back, (1 - Math.log(p)) / 512 + 1e-9);
            assertTrue(p == 1 ? code == 0 : code > 0, "code " + code);
        }
    }

    @Test
    void everyStatisticHasTheSameNameInTheContractAndADescription() {
        List<String> engineNames =
                Arrays.stream(Statistic.values()).map(Enum::name).sorted().toList();
        List<String> contractNames = Arrays.stream(dev.stratalens.v1.Statistic.values())
                .filter(value -> value != dev.stratalens.v1.Statistic.UNRECOGNIZED
                        && value != dev.stratalens.v1.Statistic.STATISTIC_UNSPECIFIED)
                .map(value -> value.name().substring("STATISTIC_".length()))
                .sorted()
                .toList();

        assertEquals(contractNames, engineNames);
        for (Statistic statistic : Statistic.values()) {
            assertEquals(statistic, ColumnCode.statistic(ColumnCode.message(statistic)));
            var description = ColumnCode.message(statistic)
                    .getValueDescriptor()
                    .getOptions()
                    .getExtension(dev.stratalens.v1.ColumnProto.column);
            assertTrue(
                    !description.getName().isEmpty() && !description.getLabel().isEmpty(), statistic.name());
        }
    }

    private static void assertClose(List<Double> expected, List<Double> actual, int scale) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            double x = expected.get(i);
            if (Double.isFinite(x)) {
                assertEquals(x, actual.get(i), (1 + Math.abs(x)) / (2 * scale) + 1e-5);
            } else {
                assertEquals(x, actual.get(i));
            }
        }
    }

    private static void assertColumnsClose(PlannedRequest planned, List<Double> expected, List<Double> actual) {
        List<Statistic> statistics = List.copyOf(planned.plan().statistics());
        for (int i = 0; i < statistics.size(); i++) {
            if (statistics.get(i) == Statistic.LOG_SUM_EXP) {
                assertEquals(expected.get(i), actual.get(i), 1 / 512.0 + 1e-5);
            } else {
                assertClose(expected.subList(i, i + 1), actual.subList(i, i + 1), 1024);
            }
        }
    }

    private static RequestedPlan.Builder request() {
        return RequestedPlan.builder(new LensPrompt.Text("hi you", SpecialTokens.TOKENIZER_DEFAULT));
    }

    private PlannedRequest run(RequestedPlan request, Result result) {
        PlannedRequest planned = LensPlanner.plan(request, engine.description(), engine.tokenizer());
        engine.run(planned.plan(), result, () -> false);
        assertTrue(result.cells.size() >= FakeModel.BLOCKS);
        return planned;
    }

    private CompactReader read(PlannedRequest planned, Result result, NumberForm form) {
        List<Event> events = new ArrayList<>();
        ResultEvents writer = new ResultEvents(
                new WireOptions("", form), new RequestStart(engine, planned, 0, Duration.ZERO, false), events::add);
        writer.begin();
        writer.targets(result.targets.get(0));
        result.cells.forEach(writer::cells);
        result.trajectories.forEach(writer::trajectory);
        return CompactReader.of(events);
    }

    /** What the engine gave. */
    private static final class Result implements LensListener {
        private final List<FinalTargets> targets = new ArrayList<>();
        private final List<CellReadout> cells = new ArrayList<>();
        private final List<PositionTrajectory> trajectories = new ArrayList<>();

        @Override
        public void progress(Phase phase, long done, long total) {}

        @Override
        public void targets(FinalTargets known) {
            targets.add(known);
        }

        @Override
        public void cells(CellReadout readout) {
            cells.add(readout);
        }

        @Override
        public void trajectory(PositionTrajectory trajectory) {
            trajectories.add(trajectory);
        }
    }
}
