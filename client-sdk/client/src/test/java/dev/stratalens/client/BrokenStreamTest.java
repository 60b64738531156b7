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
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.LensReading;
import dev.stratalens.v1.LensSummary;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.ReadPoint;
import dev.stratalens.v1.Site;
import dev.stratalens.v1.TargetChunk;
import dev.stratalens.v1.TokenTable;
import dev.stratalens.v1.TrajectoryChunk;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in which a stream can contradict the contract is refused, and never becomes a shorter result. */
@Timeout(30)
class BrokenStreamTest {

    /** Where the events of a run of 6 tokens begin, which come 4 at a time. */
    private static final int PROMPT = 1;

    private static final int TARGETS = 3;
    private static final int CELLS = 5;
    private static final int TRACKED = 13;

    private static final LensRequest REQUEST = LensRequest.of("a prompt")
            .target(LensTarget.nextToken(), LensTarget.id(5), LensTarget.text("word"))
            .statistics(Statistic.all().toArray(Statistic[]::new))
            .build();
    private static final List<Event> EVENTS = FakeRun.of(11, REQUEST).events();

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aDamagedStreamIsRefused(String expectedWords, Consumer<List<Event>> damage) {
        List<Event> events = new ArrayList<>(EVENTS);
        damage.accept(events);
        try (FakeLensServer server = FakeLensServer.playing(events);
                LensClient client = server.client()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(REQUEST));
            assertEquals(ErrorCode.BROKEN_STREAM, error.code(), error.getMessage());
            assertTrue(String.valueOf(error.getMessage()).contains(expectedWords), error.getMessage());
            CompletionException later = assertThrows(
                    CompletionException.class,
                    () -> client.async().analyze(REQUEST).join());
            assertEquals(
                    ErrorCode.BROKEN_STREAM,
                    assertThrows(LensException.class, () -> rethrow(later)).code());
        }
    }

    private static LensReading reading(Integer... readPoints) {
        return LensReading.newBuilder().addAllReadPoints(List.of(readPoints)).build();
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("ended without a summary; last seen: nothing", List::clear),
                damage("ended without a summary; last seen: the header", events -> keep(events, 2)),
                damage("ended without a summary; last seen: 0 of 4 layers", events -> keep(events, CELLS)),
                damage("ended without a summary; last seen: all layers", events -> keep(events, events.size() - 1)),
                damage("a prompt chunk came before the header", events -> events.remove(0)),
                damage("a second header came", events -> events.add(1, events.get(0))),
                damage("targets came before all of the prompt", events -> events.remove(PROMPT + 1)),
                damage("a prompt chunk came after all 6 tokens", events -> events.add(TARGETS, events.get(PROMPT))),
                damage("expected the prompt from token 0, but token 4", events -> events.remove(PROMPT)),
                damage(
                        "a layer came where targets from position index 4 were expected",
                        events -> events.remove(TARGETS + 1)),
                damage("expected targets from position index 0", events -> events.remove(TARGETS)),
                damage("a target chunk came after the last", events -> events.add(CELLS, events.get(TARGETS + 1))),
                damage("expected layer 0 from position 4", events -> events.remove(CELLS + 1)),
                damage("expected layer 0 from position 0", events -> events.add(CELLS, events.remove(CELLS + 1))),
                damage("expected layer 1 from position 0", events -> events.add(CELLS + 2, events.get(CELLS))),
                damage("came after the last layer", events -> events.add(TRACKED, events.get(TRACKED - 1))),
                damage(
                        "a trajectory came where layer 3 from position 4 was expected",
                        events -> events.remove(TRACKED - 1)),
                damage("the summary came where layer 2", events -> events.add(CELLS + 4, last(events))),
                damage("SUMMARY came after the summary", events -> events.add(last(events))),
                damage("CELL_CHUNK came after the summary", events -> events.add(events.get(CELLS))),
                damage("the summary counts 23 cells where 24 came", summary(it -> it.setCellCount(23))),
                damage("no self-check", summary(LensSummary.Builder::clearSelfCheck)),
                damage("the summary says 2", summary(it -> it.setOmittedRowCount(2))),
                damage("trajectories of 0 of 6 positions came", events -> events.removeIf(Event::hasTrajectoryChunk)),
                damage("expected trajectories of position index 0 of 6, but index 1", events -> {
                    while (events.get(TRACKED).getTrajectoryChunk().getPosition() == 0) {
                        events.remove(TRACKED);
                    }
                }),
                damage("came without trajectory, the summary says 0", events -> events.remove(events.size() - 2)),
                damage("has two trajectories at position", events -> {
                    int known = IntStream.range(TRACKED, events.size())
                            .filter(i -> events.get(i).getTrajectoryChunk().getTokenIdsCount() == 0)
                            .findFirst()
                            .orElseThrow();
                    events.add(known, events.get(known));
                }),
                damage("log_prob_codes has 19 values where 20 are promised", cells(it -> {
                    List<Integer> all = List.copyOf(it.getLogProbCodesList());
                    return it.clearLogProbCodes().addAllLogProbCodes(all.subList(0, 19));
                })),
                damage("log_prob_codes has 20 values where 0 are promised", cells(it -> it.addLogProbs(-1))),
                damage("token_ids has 0 values and a reference to one more", cells(CellChunk.Builder::clearTokenIds)),
                damage("token_ids has 21 values where 20 are new", cells(it -> it.addTokenIds(3))),
                damage("token_refs has 0", cells(CellChunk.Builder::clearTokenRefs)),
                damage("reference 99 to one of 0 ids", cells(it -> it.setTokenRefs(0, 99))),
                damage("came twice in a cell", cells(it -> it.setTokenRefs(1, 1))),
                damage("came as new, but is known", edit(CELLS + 2, event -> {
                    CellChunk.Builder chunk = event.getCellChunkBuilder();
                    List<Integer> ids = new ArrayList<>(chunk.getTokenIdsList());
                    ids.add(0, EVENTS.get(CELLS).getCellChunk().getTokenIds(0));
                    chunk.clearTokenIds().addAllTokenIds(ids).setTokenRefs(0, 0);
                })),
                damage("predictions are not best first", cells(it -> it.setLogProbCodes(1, -1))),
                damage("a difference leads to the code 1000000", cells(it -> it.setLogProbCodes(0, 1_000_000))),
                damage("a difference leads to the code -1", cells(it -> it.setColumnCodes(4, -1))),
                damage(
                        "kl-from-next has a value where there is none",
                        edit(CELLS + 6, event -> event.getCellChunkBuilder().setColumnCodes(12, 1))),
                damage("target_ranks has 0", cells(CellChunk.Builder::clearTargetRanks)),
                damage("0 values of targets came where more", cells(CellChunk.Builder::clearTargetCodes)),
                damage("values of targets came where", cells(it -> it.addTargetCodes(1))),
                damage("came as codes and as float32", cells(it -> it.addTargetLogProbs(-1))),
                damage("column_codes has 0", cells(CellChunk.Builder::clearColumnCodes)),
                damage("column_codes has " + (1 + 4 * Statistic.all().size()), cells(it -> it.addColumnCodes(1))),
                damage("column_values has 1", cells(it -> it.addColumnValues(1))),
                damage("has 0 positions where 6 are left", cells(it -> it.setPositionCount(0))),
                damage("has 7 positions where 6 are left", cells(it -> it.setPositionCount(7))),
                damage("a chunk of lens 1 of 1 came", cells(it -> it.setLens(1))),
                damage("a chunk of read point 4 of 4 came", cells(it -> it.setReadPoint(4))),
                damage("give rank 0 to target 1", cells(it -> it.setTargetRanks(1, 0))),
                damage("give rank 121 to target 1", cells(it -> it.setTargetRanks(1, 121))),
                damage(
                        "which does not exist",
                        edit(CELLS + 1, event -> event.getCellChunkBuilder().setTargetRanks(3, 9))),
                damage("is used before its text came", cells(CellChunk.Builder::clearNewTokens)),
                damage("is used before its text came", header(LensHeader.Builder::clearNewTokens)),
                damage("is used before its text came", prompt(PromptChunk.Builder::clearNewTokens)),
                damage(
                        "came twice",
                        cells(it -> it.setNewTokens(it.getNewTokens().toBuilder()
                                .addIds(it.getNewTokens().getIds(0))
                                .addTexts(ByteString.EMPTY)))),
                damage(
                        "outside the vocabulary of 120",
                        cells(it -> it.setNewTokens(
                                it.getNewTokens().toBuilder().addIds(120).addTexts(ByteString.EMPTY)))),
                damage(
                        "ids but 0 texts",
                        cells(it ->
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
                damage("lenses: asked for", header(LensHeader.Builder::clearLenses)),
                damage("number form: asked for", header(LensHeader.Builder::clearNumberForm)),
                damage("request id: asked for", header(it -> it.setRequestId("another"))),
                damage("trajectories: asked for true", header(it -> it.setHasTrajectories(false))),
                damage("a rendered chat came, but none was sent", header(it -> it.setRenderedChat("x"))),
                damage("lists no read points", header(LensHeader.Builder::clearReadPoints)),
                damage(
                        "not ascending within 4 blocks: layer 3 after layer 3",
                        header(it -> it.addReadPoints(point(3)))),
                damage(
                        "not ascending within 4 blocks: layer 4 after layer 3",
                        header(it -> it.addReadPoints(point(4)))),
                damage(
                        "at the site SITE_EMBEDDING, which was not asked for",
                        header(it -> it.setReadPoints(0, ReadPoint.newBuilder().setSite(Site.SITE_EMBEDDING)))),
                damage(
                        "at the site SITE_ATTENTION_OUTPUT",
                        header(it -> it.setReadPoints(0, ReadPoint.newBuilder().setSite(Site.SITE_ATTENTION_OUTPUT)))),
                damage(
                        "the header says what 2 of 1 lenses read",
                        header(it -> it.addReadings(reading(0, 1)).addReadings(reading(0, 1)))),
                damage(
                        "the read points of a lens are not ascending within 4: [1, 1]",
                        header(it -> it.addReadings(reading(1, 1)))),
                damage(
                        "the read points of a lens are not ascending within 4: [3, 4]",
                        header(it -> it.addReadings(reading(3, 4)))),
                damage("a lens has no read points", header(it -> it.addReadings(reading()))),
                // What the header promises is all that may come.
                damage(
                        "expected layer 2 from position 0, but layer 1 from position index 0 came",
                        header(it -> it.addReadings(reading(0, 2, 3)))),
                damage("the prompt has 0 tokens", header(LensHeader.Builder::clearTokenCount)),
                damage("the header promised 5 positions, the prompt came with 6", header(it -> it.setPositionCount(5))),
                damage("a prompt chunk has 4 tokens where 3 are left", header(it -> it.setTokenCount(3))),
                damage("positions 0 .. 9, every 1", prompt(it -> it.setPositions(0, range(0, 9, 1)))),
                damage("positions 0 .. 3, every 0", prompt(it -> it.setPositions(0, range(0, 3, 0)))),
                damage("came after position 3", prompt(it -> it.addPositions(range(3, 3, 1)))),
                damage(
                        "4 tokens came with 3 starts",
                        prompt(it -> it.clearTokenStarts()
                                .addAllTokenStarts(IntStream.range(0, 3).boxed().toList()))),
                damage("has the byte range 99 .. 6", prompt(it -> it.setTokenStarts(1, 99))),
                damage("at 4 positions came with 5 final ids", targets(it -> it.addFinalTopIds(5))),
                damage("and 11 target ids", targets(it -> {
                    List<Integer> ids = List.copyOf(it.getTargetIdsList());
                    return it.clearTargetIds().addAllTargetIds(ids.subList(0, 11));
                })),
                damage("should be token 5, but token 6 came", targets(it -> it.setTargetIds(1, 6))),
                damage("should be token 5, but none came", targets(it -> it.addMissing(1))),
                damage(
                        "should be none, but token 0 came",
                        edit(TARGETS + 1, event -> event.getTargetChunkBuilder().clearMissing())),
                damage("are said to be missing: [99]", targets(it -> it.addMissing(99))),
                damage(
                        "came without tokens",
                        header(it ->
                                it.setTargets(2, it.getTargets(2).toBuilder().clearTokenIds()))),
                damage(
                        "came as token",
                        header(it -> it.setTargets(
                                1,
                                it.getTargets(1).toBuilder()
                                        .setTokenIds(0, it.getTargets(2).getTokenIds(0))))),
                damage("values came where", trajectory(it -> it.addLogProbCodes(1))),
                damage("1 values came where", trajectory(it -> it.addLogProbs(-1))),
                damage("all tokens and references came", trajectory(it -> it.setAllTokens(true))),
                damage("came twice", trajectory(it -> it.setTokenRefs(2, it.getTokenRefs(1)))),
                damage("is in no top-k there and not named", BrokenStreamTest::trackAnUntrackedToken));
    }

    private static void trackAnUntrackedToken(List<Event> events) {
        Set<Integer> tracked = new HashSet<>(List.of(5));
        events.stream()
                .filter(Event::hasCellChunk)
                .forEach(event -> tracked.addAll(event.getCellChunk().getTokenIdsList()));
        Set<Integer> told = new HashSet<>();
        events.forEach(event -> {
            told.addAll(event.getHeader().getNewTokens().getIdsList());
            told.addAll(event.getPromptChunk().getNewTokens().getIdsList());
            told.addAll(event.getTargetChunk().getNewTokens().getIdsList());
            told.addAll(event.getCellChunk().getNewTokens().getIdsList());
        });
        int untracked = told.stream()
                .filter(id -> !tracked.contains(id))
                .filter(id ->
                        !EVENTS.get(0).getHeader().getNewTokens().getIdsList().contains(id))
                .findFirst()
                .orElseThrow();
        trajectory(it -> {
                    List<Integer> ids = new ArrayList<>(it.getTokenIdsList());
                    if (it.getTokenRefs(0) == 0) {
                        ids.remove(0);
                    }
                    ids.add(0, untracked);
                    return it.clearTokenIds().addAllTokenIds(ids).setTokenRefs(0, 0);
                })
                .accept(events);
    }

    @Test
    void codesAreRefusedWhereFloatsWereAskedFor() {
        LensRequest exact = REQUEST.toBuilder().exact().build();
        List<Event> events = new ArrayList<>(EVENTS);
        header(it -> it.setNumberForm(NumberForm.NUMBER_FORM_FLOAT32)).accept(events);
        try (FakeLensServer server = FakeLensServer.playing(events);
                LensClient client = server.client()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(exact));
            assertEquals(ErrorCode.BROKEN_STREAM, error.code());
            assertTrue(
                    String.valueOf(error.getMessage()).contains("codes came, but float32 was asked for"),
                    error.getMessage());
        }
    }

    private static ReadPoint point(int block) {
        return ReadPoint.newBuilder()
                .setBlock(block)
                .setSite(Site.SITE_BLOCK_OUTPUT)
                .build();
    }

    private static IndexRange range(int first, int last, int stride) {
        return IndexRange.newBuilder()
                .setFirst(first)
                .setLast(last)
                .setStride(stride)
                .build();
    }

    private static Arguments damage(String expectedWords, Consumer<List<Event>> damage) {
        return Arguments.of(expectedWords, damage);
    }

    private static Consumer<List<Event>> edit(int index, Consumer<Event.Builder> edit) {
        return events -> {
            Event.Builder event = events.get(index).toBuilder();
            edit.accept(event);
            events.set(index, event.build());
        };
    }

    private static Consumer<List<Event>> header(UnaryOperator<LensHeader.Builder> edit) {
        return edit(0, event -> event.setHeader(edit.apply(event.getHeader().toBuilder())));
    }

    private static Consumer<List<Event>> prompt(UnaryOperator<PromptChunk.Builder> edit) {
        return edit(PROMPT, event -> event.setPromptChunk(edit.apply(event.getPromptChunk().toBuilder())));
    }

    private static Consumer<List<Event>> targets(UnaryOperator<TargetChunk.Builder> edit) {
        return edit(TARGETS, event -> event.setTargetChunk(edit.apply(event.getTargetChunk().toBuilder())));
    }

    private static Consumer<List<Event>> cells(UnaryOperator<CellChunk.Builder> edit) {
        return edit(CELLS, event -> event.setCellChunk(edit.apply(event.getCellChunk().toBuilder())));
    }

    private static Consumer<List<Event>> trajectory(UnaryOperator<TrajectoryChunk.Builder> edit) {
        return edit(TRACKED, event -> event.setTrajectoryChunk(edit.apply(event.getTrajectoryChunk().toBuilder())));
    }

    private static Consumer<List<Event>> summary(UnaryOperator<LensSummary.Builder> edit) {
        return events -> edit(events.size() - 1, event -> event.setSummary(edit.apply(event.getSummary().toBuilder())))
                .accept(events);
    }

    private static void keep(List<Event> events, int count) {
        events.subList(count, events.size()).clear();
    }

    private static Event last(List<Event> events) {
        return events.get(events.size() - 1);
    }

    private static void rethrow(CompletionException error) throws Throwable {
        throw error.getCause();
    }
}
