package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.AnalyzeResponse.EventCase;
import dev.stratalens.v1.LayerChunk;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.LensTargets;
import dev.stratalens.v1.PositionTarget;
import dev.stratalens.v1.Statistic;
import dev.stratalens.v1.Target;
import dev.stratalens.v1.TokenTable;
import dev.stratalens.v1.TrajectoryChunk;
import dev.stratalens.v1.TrajectoryEncoding;
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

    private static final AnalyzeRequest PLAIN =
            AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hi you")).setRequestId("r-1").build();

    private static final AnalyzeRequest FULL = PLAIN.toBuilder()
            .setIncludeEmbedding(true)
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

        assertTrue(order.matches("P*HP*T(P|L)*J+S"), order);
        assertEquals(7, order.chars().filter(letter -> letter == 'L').count());
        assertEquals(7, order.chars().filter(letter -> letter == 'J').count());
    }

    @Test
    void describesTheRunInTheHeader() {
        LensHeader header = header(server.analyze(FULL));

        assertEquals("r-1", header.getRequestId());
        assertEquals(RunningServer.MODEL, header.getModel().getName());
        assertEquals(List.of(256, 104, 105, 32, 121, 111, 117), header.getTokenIdsList());
        assertEquals(List.of(0, 0, 1, 2, 3, 4, 5), header.getTokenStartsList());
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), header.getTokenEndsList());
        assertEquals(List.of(-1, 0, 1, 2, 3, 4, 5), header.getLayersList());
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6), header.getPositionsList());
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
        assertEquals(TrajectoryEncoding.TRAJECTORY_ENCODING_PPM, header.getTrajectoryEncoding());
        assertFalse(header.getApproximate());
    }

    @Test
    void sendsEachTextOnceAndNoLaterThanItsFirstUse() {
        Set<Integer> known = new HashSet<>();
        for (AnalyzeResponse event : server.analyze(FULL)) {
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
        TokenTable table = header(server.analyze(FULL)).getNewTokens();

        assertEquals(List.of(FakeTokenizer.BOS), table.getIrregularIdsList());
        assertEquals(List.of("<s>"), table.getIrregularSpellingsList());
        assertEquals(
                ByteString.copyFromUtf8("h"), table.getTexts(table.getIdsList().indexOf((int) 'h')));
    }

    @Test
    void sendsEveryCellOnce() {
        List<AnalyzeResponse> events = server.analyze(FULL);
        LensTargets targets = events.stream()
                .filter(AnalyzeResponse::hasTargets)
                .findFirst()
                .orElseThrow()
                .getTargets();

        for (LayerChunk chunk : layers(events)) {
            assertEquals(0, chunk.getFirstPositionIndex());
            assertEquals(7, chunk.getPositionCount());
            assertEquals(35, chunk.getTokenIdsCount());
            assertEquals(35, chunk.getLogProbsCount());
            assertEquals(7, chunk.getLogSumExpsCount());
            assertEquals(28, chunk.getTargetRanksCount());
            assertEquals(28, chunk.getTargetLogProbsCount());
            assertEquals(7, chunk.getEntropiesCount());
            assertEquals(7, chunk.getKlFromFinalsCount());
            assertEquals(7, chunk.getKlFromNextsCount());
        }
        LayerChunk last = layers(events).get(6);
        assertEquals(targets.getFinalTopIds(3), last.getTokenIds(15));
        assertEquals(targets.getFinalTopLogProbs(3), last.getLogProbs(15));
        assertEquals(1, last.getTargetRanks(13), "FINAL_TOP is top at the last layer");
    }

    @Test
    void saysWhereThereIsNoNextToken() {
        List<AnalyzeResponse> events = server.analyze(FULL);
        LensTargets targets = events.stream()
                .filter(AnalyzeResponse::hasTargets)
                .findFirst()
                .orElseThrow()
                .getTargets();

        assertEquals((int) 'h', targets.getTargetIds(0));
        assertEquals(0, targets.getTargetIds(24), "none at the last position");
        assertEquals(0, layers(events).get(0).getTargetRanks(24));
        assertTrue(Float.isNaN(layers(events).get(0).getTargetLogProbs(24)));
    }

    @Test
    void leavesOutWhatWasNotAskedFor() {
        List<AnalyzeResponse> events = server.analyze(PLAIN);
        LayerChunk chunk = layers(events).get(0);

        assertEquals(0, chunk.getEntropiesCount() + chunk.getKlFromFinalsCount() + chunk.getKlFromNextsCount());
        assertTrue(events.stream().noneMatch(AnalyzeResponse::hasTrajectoryChunk));
        assertEquals(
                TrajectoryEncoding.TRAJECTORY_ENCODING_UNSPECIFIED,
                header(events).getTrajectoryEncoding());
    }

    @Test
    void writesTrajectoriesInMillionthsUnlessAskedForTheExactValues() {
        AnalyzeRequest exact = FULL.toBuilder()
                .setTrajectories(
                        TrajectoryOptions.newBuilder().setEncoding(TrajectoryEncoding.TRAJECTORY_ENCODING_FLOAT32))
                .build();
        List<TrajectoryChunk> compact = trajectories(server.analyze(FULL));
        List<TrajectoryChunk> full = trajectories(server.analyze(exact));

        for (int p = 0; p < full.size(); p++) {
            assertEquals(p, full.get(p).getPositionIndex());
            assertEquals(full.get(p).getTokenIdsList(), compact.get(p).getTokenIdsList());
            assertEquals(
                    0, full.get(p).getProbabilitiesPpmCount() + compact.get(p).getLogProbsCount());
            assertArrayEquals(
                    full.get(p).getLogProbsList().stream()
                            .mapToDouble(logProb -> Math.exp(logProb))
                            .toArray(),
                    compact.get(p).getProbabilitiesPpmList().stream()
                            .mapToDouble(ppm -> ppm / 1e6)
                            .toArray(),
                    0.000_000_5);
        }
    }

    @Test
    void sumsUpAtTheEnd() {
        List<AnalyzeResponse> events = server.analyze(FULL);
        LensSummary summary = events.get(events.size() - 1).getSummary();

        assertEquals(49, summary.getCellCount());
        assertEquals(49_000, summary.getReservedBytes());
        assertTrue(summary.getSelfCheck().getTop1Agrees());
        assertEquals(0.002, summary.getForwardSeconds());
        assertEquals(0.003, summary.getLensSeconds());
        assertTrue(summary.getQueueSeconds() > 0);
    }

    @Test
    void reportsFirstAndLastProgressOfTheForwardPass() {
        List<Integer> done = server.analyze(PLAIN).stream()
                .filter(event -> event.getProgress().getPhase() == dev.stratalens.v1.Phase.PHASE_FORWARD)
                .map(event -> event.getProgress().getDone())
                .toList();

        assertEquals(1, done.get(0));
        assertEquals(FakeModel.BLOCKS, done.get(done.size() - 1));
    }

    private static String letter(AnalyzeResponse event) {
        Map<EventCase, String> letters = new HashMap<>(Map.of(
                EventCase.PROGRESS, "P",
                EventCase.HEADER, "H",
                EventCase.TARGETS, "T",
                EventCase.LAYER_CHUNK, "L",
                EventCase.TRAJECTORY_CHUNK, "J",
                EventCase.SUMMARY, "S"));
        return letters.getOrDefault(event.getEventCase(), "?");
    }

    private static TokenTable table(AnalyzeResponse event) {
        return switch (event.getEventCase()) {
            case HEADER -> event.getHeader().getNewTokens();
            case TARGETS -> event.getTargets().getNewTokens();
            case LAYER_CHUNK -> event.getLayerChunk().getNewTokens();
            default -> TokenTable.getDefaultInstance();
        };
    }

    private static int[] usedIds(AnalyzeResponse event) {
        return switch (event.getEventCase()) {
            case HEADER ->
                event.getHeader().getTokenIdsList().stream().mapToInt(id -> id).toArray();
            case TARGETS ->
                event.getTargets().getFinalTopIdsList().stream()
                        .mapToInt(id -> id)
                        .toArray();
            case LAYER_CHUNK ->
                event.getLayerChunk().getTokenIdsList().stream()
                        .mapToInt(id -> id)
                        .toArray();
            case TRAJECTORY_CHUNK ->
                event.getTrajectoryChunk().getTokenIdsList().stream()
                        .mapToInt(id -> id)
                        .toArray();
            default -> IntStream.empty().toArray();
        };
    }

    private static LensHeader header(List<AnalyzeResponse> events) {
        return events.stream()
                .filter(AnalyzeResponse::hasHeader)
                .findFirst()
                .orElseThrow()
                .getHeader();
    }

    private static List<LayerChunk> layers(List<AnalyzeResponse> events) {
        return events.stream()
                .filter(AnalyzeResponse::hasLayerChunk)
                .map(AnalyzeResponse::getLayerChunk)
                .toList();
    }

    private static List<TrajectoryChunk> trajectories(List<AnalyzeResponse> events) {
        return events.stream()
                .filter(AnalyzeResponse::hasTrajectoryChunk)
                .map(AnalyzeResponse::getTrajectoryChunk)
                .toList();
    }
}
