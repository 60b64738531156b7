package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.AnalyzeResponse.EventCase;
import dev.stratalens.v1.LayerChunk;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.LensTargets;
import dev.stratalens.v1.TokenTable;
import dev.stratalens.v1.TrajectoryChunk;
import dev.stratalens.v1.TrajectoryEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a stream can contradict the contract is refused, and never becomes a shorter result. */
@Timeout(30)
class BrokenStreamTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt")
            .target(LensTarget.nextToken(), LensTarget.id(5), LensTarget.text("word"))
            .statistics(Statistic.values())
            .build();
    private static final List<AnalyzeResponse> EVENTS = FakeRun.of(11, REQUEST).events();

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aDamagedStreamIsRefused(String expectedWords, Consumer<List<AnalyzeResponse>> damage) {
        List<AnalyzeResponse> events = new ArrayList<>(EVENTS);
        damage.accept(events);
        try (FakeLensServer server = FakeLensServer.playing(events);
                LensClient client = server.client()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
            assertEquals(ErrorCode.BROKEN_STREAM, error.code(), error.getMessage());
            assertTrue(String.valueOf(error.getMessage()).contains(expectedWords), error.getMessage());
            CompletionException later = assertThrows(
                    CompletionException.class,
                    () -> client.analyzeAsync(REQUEST).join());
            assertEquals(
                    ErrorCode.BROKEN_STREAM,
                    assertThrows(LensException.class, () -> rethrow(later)).code());
        }
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("ended without a summary; last seen: nothing", List::clear),
                damage("ended without a summary; last seen: the header", events -> keep(events, 1)),
                damage("ended without a summary; last seen: 0 of 4 layers", events -> keep(events, 3)),
                damage("ended without a summary; last seen: all layers", events -> keep(events, events.size() - 1)),
                damage("targets came before the header", events -> events.remove(0)),
                damage("a second header came", events -> events.add(1, events.get(0))),
                damage("a layer came before the targets", events -> events.remove(1)),
                damage("the targets came twice", events -> events.add(2, events.get(1))),
                damage("expected layer 0 from position 4", events -> events.remove(3)),
                damage("expected layer 0 from position 0", events -> events.add(2, events.remove(3))),
                damage("expected layer 1 from position 0", events -> {
                    events.add(4, events.get(2));
                    events.add(5, events.get(3));
                }),
                damage("came after the last layer", events -> events.add(10, events.get(9))),
                damage("a trajectory came where layer 3 from position 4 was expected", events -> events.remove(9)),
                damage("the summary came where layer 2", events -> events.add(6, last(events))),
                damage("SUMMARY came after the summary", events -> events.add(last(events))),
                damage("LAYER_CHUNK came after the summary", events -> events.add(events.get(5))),
                damage("the summary counts 23 cells where 24 came", summary(it -> it.setCellCount(23))),
                damage("no self-check", summary(LensSummary.Builder::clearSelfCheck)),
                damage("the summary says 2", summary(it -> it.setOmittedRowCount(2))),
                damage(
                        "trajectories of 0 of 6 positions came",
                        events -> events.removeIf(BrokenStreamTest::isTrajectory)),
                damage("expected trajectories of position index 0 of 6, but index 1", events -> {
                    while (events.get(10).getTrajectoryChunk().getPositionIndex() == 0) {
                        events.remove(10);
                    }
                }),
                damage("came without trajectory, the summary says 0", events -> events.remove(11)),
                damage("are not ascending", events -> events.add(11, events.get(10))),
                damage("log_probs has 19 values where 20 are promised", layer(it -> {
                    List<Float> all = it.getLogProbsList();
                    return it.clearLogProbs()
                            .addAllLogProbs(all.subList(0, 19).stream().toList());
                })),
                damage("token_ids has 0 values where 20", layer(LayerChunk.Builder::clearTokenIds)),
                damage("log_sum_exps has 0", layer(LayerChunk.Builder::clearLogSumExps)),
                damage("target_ranks has 0", layer(LayerChunk.Builder::clearTargetRanks)),
                damage("target_log_probs has 0", layer(LayerChunk.Builder::clearTargetLogProbs)),
                damage("entropies has 0", layer(LayerChunk.Builder::clearEntropies)),
                damage("kl_from_finals has 0", layer(LayerChunk.Builder::clearKlFromFinals)),
                damage("kl_from_nexts has 5", layer(it -> it.addKlFromNexts(1))),
                damage("has 0 positions where 6 are left", layer(it -> it.setPositionCount(0))),
                damage("has 7 positions where 6 are left", layer(it -> it.setPositionCount(7))),
                damage("gives rank 0 to target 1", layer(it -> it.setTargetRanks(1, 0))),
                damage("gives rank 121 to target 1", layer(it -> it.setTargetRanks(1, 121))),
                damage(
                        "which does not exist",
                        edit(3, it -> it.getLayerChunkBuilder().setTargetRanks(3, 9))),
                damage("is used before its text came", layer(LayerChunk.Builder::clearNewTokens)),
                damage("is used before its text came", header(LensHeader.Builder::clearNewTokens)),
                damage(
                        "came twice",
                        layer(it -> it.setNewTokens(it.getNewTokens().toBuilder()
                                .addIds(it.getNewTokens().getIds(0))
                                .addTexts(ByteString.EMPTY)))),
                damage(
                        "outside the vocabulary of 120",
                        layer(it -> it.setNewTokens(
                                it.getNewTokens().toBuilder().addIds(120).addTexts(ByteString.EMPTY)))),
                damage(
                        "ids but 0 texts",
                        layer(it ->
                                it.setNewTokens(it.getNewTokens().toBuilder().clearTexts()))),
                damage(
                        "spellings came for ids without text",
                        header(it -> it.setNewTokens(it.getNewTokens().toBuilder()
                                .addIrregularIds(119)
                                .addIrregularSpellings("x")))),
                damage(
                        "irregular ids but",
                        header(it -> it.setNewTokens(
                                TokenTable.newBuilder(it.getNewTokens()).addIrregularIds(119)))),
                damage("predictions per cell: asked for 5, the header says 4", header(it -> it.setTopK(4))),
                damage("statistics: asked for", header(LensHeader.Builder::clearStatistics)),
                damage("targets: asked for", header(LensHeader.Builder::clearTargets)),
                damage("skip_final_norm: asked for false", header(it -> it.setSkipFinalNorm(true))),
                damage("request id: asked for", header(it -> it.setRequestId("another"))),
                damage(
                        "trajectories: asked for",
                        header(it -> it.setTrajectoryEncoding(TrajectoryEncoding.TRAJECTORY_ENCODING_UNSPECIFIED))),
                damage("lists no layers", header(LensHeader.Builder::clearLayers)),
                damage("lists no positions", header(LensHeader.Builder::clearPositions)),
                damage("layers are not ascending within 0 .. 3", header(it -> it.addLayers(3))),
                damage("layers are not ascending within 0 .. 3", header(it -> it.addLayers(4))),
                damage("layers are not ascending within 0 .. 3", header(it -> it.setLayers(0, -1))),
                damage("positions are not ascending within 0 .. 5", header(it -> it.addPositions(6))),
                damage(
                        "6 tokens came with 5 starts",
                        header(it -> it.clearTokenStarts()
                                .addAllTokenStarts(IntStream.range(0, 5).boxed().toList()))),
                damage("has the byte range 99 .. 6", header(it -> it.setTokenStarts(1, 99))),
                damage("final ids", targets(it -> it.addFinalTopIds(5))),
                damage("targets at 6 positions came with 17 ids", targets(it -> {
                    List<Integer> ids = List.copyOf(it.getTargetIdsList());
                    return it.clearTargetIds().addAllTargetIds(ids.subList(0, 17));
                })),
                damage("should be token 5, but 6 came", targets(it -> it.setTargetIds(1, 6))),
                damage("should be token 0 (none), but 6 came", targets(it -> it.setTargetIds(15, 6))),
                damage(
                        "came without tokens",
                        header(it ->
                                it.setTargets(2, it.getTargets(2).toBuilder().clearTokenIds()))),
                damage(
                        "came as token",
                        header(it ->
                                it.setTargets(1, it.getTargets(1).toBuilder().setTokenIds(0, it.getTokenIds(0))))),
                damage("probabilities_ppm has", trajectory(it -> it.addProbabilitiesPpm(1))),
                damage("log_probs has 1 values where 0 are promised", trajectory(it -> it.addLogProbs(-1))),
                damage("1000001 millionths", trajectory(it -> it.setProbabilitiesPpm(0, 1_000_001))),
                damage("is in no top-k there and not named", BrokenStreamTest::trackAnUntrackedToken));
    }

    private static void trackAnUntrackedToken(List<AnalyzeResponse> events) {
        List<Integer> tracked = events.stream()
                .filter(BrokenStreamTest::isTrajectory)
                .map(AnalyzeResponse::getTrajectoryChunk)
                .filter(chunk -> chunk.getPositionIndex() == 0)
                .flatMap(chunk -> chunk.getTokenIdsList().stream())
                .toList();
        int untracked = IntStream.range(0, 120)
                .filter(id -> !tracked.contains(id))
                .findFirst()
                .orElseThrow();
        AnalyzeResponse.Builder first = events.get(10).toBuilder();
        first.getTrajectoryChunkBuilder().setTokenIds(0, untracked);
        events.set(10, first.build());
    }

    private static Arguments damage(String expectedWords, Consumer<List<AnalyzeResponse>> damage) {
        return Arguments.of(expectedWords, damage);
    }

    private static Consumer<List<AnalyzeResponse>> edit(int index, Consumer<AnalyzeResponse.Builder> edit) {
        return events -> {
            AnalyzeResponse.Builder event = events.get(index).toBuilder();
            edit.accept(event);
            events.set(index, event.build());
        };
    }

    private static Consumer<List<AnalyzeResponse>> header(UnaryOperator<LensHeader.Builder> edit) {
        return edit(0, event -> event.setHeader(edit.apply(event.getHeader().toBuilder())));
    }

    private static Consumer<List<AnalyzeResponse>> targets(UnaryOperator<LensTargets.Builder> edit) {
        return edit(1, event -> event.setTargets(edit.apply(event.getTargets().toBuilder())));
    }

    private static Consumer<List<AnalyzeResponse>> layer(UnaryOperator<LayerChunk.Builder> edit) {
        return edit(2, event -> event.setLayerChunk(edit.apply(event.getLayerChunk().toBuilder())));
    }

    private static Consumer<List<AnalyzeResponse>> trajectory(UnaryOperator<TrajectoryChunk.Builder> edit) {
        return edit(10, event -> event.setTrajectoryChunk(edit.apply(event.getTrajectoryChunk().toBuilder())));
    }

    private static Consumer<List<AnalyzeResponse>> summary(UnaryOperator<LensSummary.Builder> edit) {
        return events -> edit(events.size() - 1, event -> event.setSummary(edit.apply(event.getSummary().toBuilder())))
                .accept(events);
    }

    private static void keep(List<AnalyzeResponse> events, int count) {
        events.subList(count, events.size()).clear();
    }

    private static AnalyzeResponse last(List<AnalyzeResponse> events) {
        return events.get(events.size() - 1);
    }

    private static boolean isTrajectory(AnalyzeResponse event) {
        return event.getEventCase() == EventCase.TRAJECTORY_CHUNK;
    }

    private static void rethrow(CompletionException error) throws Throwable {
        throw error.getCause();
    }
}
