package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.server.grpc.result.CompactReader;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.Event.KindCase;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.LogitLens;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.RawLens;
import dev.stratalens.v1.ReadPoint;
import dev.stratalens.v1.Site;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TargetChunk;
import dev.stratalens.v1.TokenTable;
import dev.stratalens.v1.TrajectoryOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client receives, from end to end. */
final class AnalyzeTest {

    private static final AnalyzeRequest PLAIN = AnalyzeRequest.newBuilder()
            .setPrompt(Prompts.text("hi you"))
            .setRequestId("r-1")
            .build();

    private static final AnalyzeRequest FULL = PLAIN.toBuilder()
            .addSites(Site.SITE_BLOCK_OUTPUT)
            .addSites(Site.SITE_EMBEDDING)
            .addTargets(Target.newBuilder().setPositionTarget(PositionTarget.POSITION_TARGET_NEXT_TOKEN))
            .addTargets(Target.newBuilder().setPositionTarget(PositionTarget.POSITION_TARGET_FINAL_TOP))
            .addTargets(Target.newBuilder().setText(" Paris"))
            .addTargets(Target.newBuilder().setId(7))
            .addStatistics(Statistic.STATISTIC_KL_FROM_NEXT)
            .addStatistics(Statistic.STATISTIC_ENTROPY)
            .addStatistics(Statistic.STATISTIC_KL_FROM_FINAL)
            .setTrajectories(TrajectoryOptions.getDefaultInstance())
            .build();

    private final RunningServer server = RunningServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsEventsInTheOrderOfTheContract() {
        String order = server.analyze(FULL).stream().map(AnalyzeTest::letter).collect(Collectors.joining());

        assertTrue(order.matches("P*HI+(P|T)*(P|C)*(P|J)+S"), order);
        assertEquals(7, order.chars().filter(letter -> letter == 'C').count());
        assertEquals(7, order.chars().filter(letter -> letter == 'J').count());
    }

    @Test
    void sendsWhatAStepMadeInOneMessageBeforeTheNextStep() {
        List<String> messages = server.messages(FULL).stream()
                .filter(message -> message.getEventsList().stream().noneMatch(Event::hasProgress))
                .map(message -> message.getEventsList().stream()
                        .map(AnalyzeTest::letter)
                        .collect(Collectors.joining()))
                .toList();

        // A step of this engine is a layer; what follows the last one is one step.
        assertEquals(List.of("HI", "TC", "C", "C", "C", "C", "C", "C", "J".repeat(7) + "S"), messages);
    }

    @Test
    void describesTheRunInTheHeader() {
        List<Event> events = server.analyze(FULL);
        LensHeader header = header(events);
        PromptChunk prompt = prompt(events);

        assertEquals("r-1", header.getRequestId());
        assertEquals(RunningServer.MODEL, header.getModel().getName());
        assertEquals(7, header.getTokenCount());
        assertEquals(7, header.getPositionCount());
        assertEquals(List.of(256, 104, 105, 32, 121, 111, 117), prompt.getTokenIdsList());
        assertEquals(List.of(0, 0, 1, 2, 3, 4, 5), prompt.getTokenStartsList());
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), prompt.getTokenEndsList());
        assertEquals(
                List.of(IndexRange.newBuilder()
                        .setFirst(0)
                        .setLast(6)
                        .setStride(1)
                        .build()),
                prompt.getPositionsList());
        assertEquals(ReadPoint.newBuilder().setSite(Site.SITE_EMBEDDING).build(), header.getReadPoints(0));
        assertEquals(
                ReadPoint.newBuilder()
                        .setBlock(5)
                        .setSite(Site.SITE_BLOCK_OUTPUT)
                        .build(),
                header.getReadPoints(6));
        assertEquals(7, header.getReadPointsCount());
        assertTrue(header.getLensesCount() == 1 && header.getLenses(0).hasLogit());
        assertEquals(5, header.getTopK());
        assertEquals(
                FULL.getTargetsList(),
                header.getTargetsList().stream()
                        .map(target -> target.getTarget())
                        .toList());
        assertEquals(List.of(FakeTokenizer.FIRST_WORD), header.getTargets(2).getTokenIdsList());
        assertEquals(
                List.of(
                        Statistic.STATISTIC_ENTROPY,
                        Statistic.STATISTIC_KL_FROM_FINAL,
                        Statistic.STATISTIC_KL_FROM_NEXT),
                header.getStatisticsList());
        assertEquals(NumberForm.NUMBER_FORM_COMPACT, header.getNumberForm());
        assertTrue(header.getHasTrajectories());
        assertFalse(header.getApproximate() || header.hasRenderedChat());
    }

    @Test
    void countsNegativeIndicesFromTheEnd() {
        AnalyzeRequest request = PLAIN.toBuilder()
                .addPositions(IndexRange.newBuilder().setFirst(-1))
                .addPositions(IndexRange.newBuilder().setFirst(0).setLast(-3).setStride(2))
                .addLayers(IndexRange.newBuilder().setFirst(-2))
                .build();

        List<Event> events = server.analyze(request);

        assertEquals(List.of(0, 2, 4, 6), positions(prompt(events)));
        assertEquals(
                List.of(4, 5),
                header(events).getReadPointsList().stream()
                        .map(ReadPoint::getBlock)
                        .toList());
    }

    @Test
    void readsSeveralLensesInOneCall() {
        AnalyzeRequest request = FULL.toBuilder()
                .addLenses(Lens.newBuilder().setRaw(RawLens.getDefaultInstance()))
                .addLenses(Lens.newBuilder().setLogit(LogitLens.getDefaultInstance()))
                .build();

        List<Event> events = server.analyze(request);

        assertTrue(header(events).getLenses(0).hasRaw()
                && header(events).getLenses(1).hasLogit());
        CompactReader both = CompactReader.of(events);
        CompactReader logit = CompactReader.of(server.analyze(FULL));
        assertEquals(2 * logit.cells().size(), both.cells().size());
        logit.cells()
                .forEach((place, cell) ->
                        assertEquals(cell, both.cell(new CompactReader.Place(1, place.readPoint(), place.position()))));
        logit.trajectories()
                .forEach((place, rows) ->
                        assertEquals(rows, both.trajectory(new CompactReader.Place(1, 0, place.position()))));
    }

    @Test
    void sendsEachTextOnceAndNoLaterThanItsFirstUse() {
        Set<Integer> known = new HashSet<>();
        for (Event event : server.analyze(FULL)) {
            for (int id : table(event).getIdsList()) {
                assertTrue(known.add(id), "sent twice: " + id);
            }
            for (int id : usedIds(event)) {
                assertTrue(known.contains(id), "used before its text: " + id);
            }
        }
        assertTrue(known.size() > 20, "ids: " + known.size());
    }

    @Test
    void spellsOutOnlyWhatCannotBeDerivedFromTheBytes() {
        TokenTable table = prompt(server.analyze(FULL)).getNewTokens();

        assertEquals(List.of(FakeTokenizer.BOS), table.getIrregularIdsList());
        assertEquals(List.of("<s>"), table.getIrregularSpellingsList());
        assertEquals(
                ByteString.copyFromUtf8("h"), table.getTexts(table.getIdsList().indexOf((int) 'h')));
    }

    @Test
    void sendsEveryCellOnce() {
        List<Event> events = server.analyze(FULL);
        TargetChunk targets = targets(events);
        CompactReader reader = CompactReader.of(events);

        assertEquals(49, reader.cells().size());
        CompactReader.Cell last = reader.cell(new CompactReader.Place(0, 6, 3));
        assertEquals(targets.getFinalTopIds(3), last.ids().get(0));
        assertEquals(targets.getFinalTopLogProbs(3), last.logProbs().get(0), 0.001);
        assertEquals(1, last.ranks().get(1), "FINAL_TOP is top at the last layer");
        assertEquals(0, last.columns().get(1), "KL from final at the last layer");
    }

    @Test
    void saysWhereThereIsNoNextToken() {
        List<Event> events = server.analyze(FULL);
        CompactReader.Cell last = CompactReader.of(events).cell(new CompactReader.Place(0, 0, 6));

        assertEquals((int) 'h', targets(events).getTargetIds(0));
        assertEquals(List.of(24), targets(events).getMissingList(), "none at the last position");
        assertEquals(0, last.ranks().get(0));
    }

    @Test
    void leavesOutWhatWasNotAskedFor() {
        List<Event> events = server.analyze(PLAIN);

        assertTrue(events.stream().noneMatch(Event::hasTrajectoryChunk));
        assertTrue(CompactReader.of(events).cells().values().stream()
                .allMatch(cell -> cell.columns().isEmpty() && cell.targets().isEmpty()));
        assertFalse(header(events).getHasTrajectories());
    }

    @Test
    void writesTheSameNumbersInBothForms() {
        AnalyzeRequest asked =
                FULL.toBuilder().setNumberForm(NumberForm.NUMBER_FORM_FLOAT32).build();
        CompactReader compact = CompactReader.of(server.analyze(FULL));
        CompactReader exact = CompactReader.of(server.analyze(asked));

        assertEquals(NumberForm.NUMBER_FORM_FLOAT32, exact.header().getNumberForm());
        assertEquals(exact.trajectories().keySet(), compact.trajectories().keySet());
        exact.trajectories()
                .forEach((place, rows) -> rows.forEach((id, row) -> {
                    for (int i = 0; i < row.size(); i++) {
                        double logProb = row.get(i);
                        assertEquals(logProb, compact.row(place, id).get(i), (1 - logProb) / 512 + 1e-6);
                    }
                }));
    }

    @Test
    void sumsUpAtTheEnd() {
        List<Event> events = server.analyze(FULL);
        LensSummary summary = events.get(events.size() - 1).getSummary();

        assertEquals(49, summary.getCellCount());
        // A position's list holds up to 16 bytes for each of 5 predictions of 7 layers and of 4 targets; 4 bytes are
        // the last
        // code of each target and of 3 statistics.
        assertEquals(49_000 + 7 * (16 * (5 * 7 + 4) + 4 * (4 + 3)), summary.getReservedBytes());
        assertTrue(summary.getSelfCheck().getTop1Agrees());
        assertEquals(Duration.newBuilder().setNanos(2_000_000).build(), summary.getForward());
        assertEquals(Duration.newBuilder().setNanos(3_000_000).build(), summary.getLens());
        assertFalse(summary.getQueued().equals(Duration.getDefaultInstance()));
    }

    @Test
    void aCallThatTakesNoTimeHearsOfNoProgress() {
        try (RunningServer quick = RunningServer.start(settings -> settings.streamsClock(() -> 0))) {
            assertTrue(quick.analyze(PLAIN).stream().noneMatch(Event::hasProgress));
        }
    }

    private static String letter(Event event) {
        Map<KindCase, String> letters = new HashMap<>(Map.of(
                KindCase.PROGRESS, "P",
                KindCase.HEADER, "H",
                KindCase.PROMPT_CHUNK, "I",
                KindCase.TARGET_CHUNK, "T",
                KindCase.CELL_CHUNK, "C",
                KindCase.TRAJECTORY_CHUNK, "J",
                KindCase.SUMMARY, "S"));
        return letters.getOrDefault(event.getKindCase(), "?");
    }

    private static TokenTable table(Event event) {
        return switch (event.getKindCase()) {
            case HEADER -> event.getHeader().getNewTokens();
            case PROMPT_CHUNK -> event.getPromptChunk().getNewTokens();
            case TARGET_CHUNK -> event.getTargetChunk().getNewTokens();
            case CELL_CHUNK -> event.getCellChunk().getNewTokens();
            case TRAJECTORY_CHUNK -> event.getTrajectoryChunk().getNewTokens();
            default -> TokenTable.getDefaultInstance();
        };
    }

    private static List<Integer> usedIds(Event event) {
        return switch (event.getKindCase()) {
            case PROMPT_CHUNK -> event.getPromptChunk().getTokenIdsList();
            case TARGET_CHUNK -> event.getTargetChunk().getFinalTopIdsList();
            case CELL_CHUNK -> event.getCellChunk().getTokenIdsList();
            case TRAJECTORY_CHUNK -> event.getTrajectoryChunk().getTokenIdsList();
            default -> List.of();
        };
    }

    private static List<Integer> positions(PromptChunk chunk) {
        return chunk.getPositionsList().stream()
                .flatMap(range -> IntStream.iterate(
                                range.getFirst(), i -> i <= range.getLast(), i -> i + range.getStride())
                        .boxed())
                .toList();
    }

    private static LensHeader header(List<Event> events) {
        return events.stream()
                .filter(Event::hasHeader)
                .findFirst()
                .orElseThrow()
                .getHeader();
    }

    private static PromptChunk prompt(List<Event> events) {
        return events.stream()
                .filter(Event::hasPromptChunk)
                .findFirst()
                .orElseThrow()
                .getPromptChunk();
    }

    private static TargetChunk targets(List<Event> events) {
        return events.stream()
                .filter(Event::hasTargetChunk)
                .findFirst()
                .orElseThrow()
                .getTargetChunk();
    }
}
