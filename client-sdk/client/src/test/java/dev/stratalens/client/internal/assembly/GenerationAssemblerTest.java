package dev.stratalens.client.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.internal.assembly.GenerationAssembler.Choice;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.StopReason;
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.GeneratedToken;
import dev.stratalens.v1.GenerationSummary;
import dev.stratalens.v1.LensHeader;
import dev.stratalens.v1.TargetChunk;
import dev.stratalens.v1.TokenTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A generation from its events: whole, and refused with a piece missing or wrong. */
class GenerationAssemblerTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt")
            .topK(1)
            .statistics()
            .trajectories(Trajectories.none())
            .exact()
            .build();

    private static final List<Event> PROMPT = FakeRun.of(11, REQUEST).events();
    private static final LensHeader HEADER = PROMPT.get(0).getHeader();
    private static final int LAYERS = HEADER.getReadPointsCount();
    private static final int TOKENS = HEADER.getTokenCount();

    /** Ids whose texts the prompt does not bring. */
    private static final List<Integer> IDS = Stream.iterate(0, id -> id + 1)
            .filter(id -> PROMPT.stream().noneMatch(event -> event.toString().contains("ids: " + id + "\n")))
            .limit(2)
            .toList();

    private static Event token(int index, String text) {
        return Event.newBuilder()
                .setGeneratedToken(GeneratedToken.newBuilder()
                        .setPosition(TOKENS + index)
                        .setId(IDS.get(index))
                        .setLogProbability(-1)
                        .setSettledFrom(2)
                        .setText(text)
                        .setNewTokens(TokenTable.newBuilder()
                                .addIds(IDS.get(index))
                                .addTexts(ByteString.copyFromUtf8("t" + index))))
                .build();
    }

    private static List<Event> row(int index) {
        List<Event> events = new ArrayList<>();
        int position = HEADER.getPositionCount() + index;
        events.add(Event.newBuilder()
                .setTargetChunk(TargetChunk.newBuilder()
                        .setFirstPosition(position)
                        .setPositionCount(1)
                        .addFinalTopIds(IDS.get(0))
                        .addFinalTopLogProbs(-2))
                .build());
        for (int layer = 0; layer < LAYERS; layer++) {
            CellChunk.Builder chunk = CellChunk.newBuilder()
                    .setReadPoint(layer)
                    .setFirstPosition(position)
                    .setPositionCount(1)
                    .addTokenRefs(layer == 0 ? 0 : 1)
                    .addLogProbs(-layer - index);
            if (layer == 0) {
                chunk.addTokenIds(IDS.get(0));
            }
            events.add(Event.newBuilder().setCellChunk(chunk).build());
        }
        return events;
    }

    private static Event end(int count) {
        return Event.newBuilder()
                .setGenerationSummary(
                        GenerationSummary.newBuilder().setStopReasonValue(2).setTokenCount(count))
                .build();
    }

    /** Two tokens after the prompt. */
    private static List<Event> events() {
        List<Event> events = new ArrayList<>(PROMPT);
        Event summary = events.remove(events.size() - 1);
        events.add(token(0, "é"));
        events.addAll(row(0));
        events.add(token(1, "b"));
        events.addAll(row(1));
        events.add(end(2));
        long cells = summary.getSummary().getCellCount() + 2L * LAYERS;
        events.add(Event.newBuilder()
                .setSummary(summary.getSummary().toBuilder().setCellCount(cells))
                .build());
        return events;
    }

    @Test
    void tokensComeWithWhatWasReadWhereTheyWereChosen() {
        GenerationAssembler assembler = new GenerationAssembler(REQUEST, GenerateOptions.defaults());
        List<Choice> choices = new ArrayList<>();
        for (Event event : events()) {
            assembler.add(event);
            for (Choice next = assembler.nextChoice(); next != null; next = assembler.nextChoice()) {
                choices.add(next);
            }
        }
        GenerationResult result = assembler.finish();

        assertNull(assembler.nextChoice());
        assertEquals(result.tokens(), choices.stream().map(Choice::token).toList());
        assertEquals(
                HEADER.getPositionCount(), choices.get(0).from().positions().size());
        assertEquals(List.of(TOKENS), choices.get(1).from().positions());
        assertEquals(-3, choices.get(1).from().top(3, TOKENS).logProb());
        assertEquals(StopReason.STOP_TEXT, result.stopReason());
        assertEquals("éb", result.text());
        assertEquals("a promptéb", result.reading().prompt().orElseThrow());
        assertEquals(TOKENS + 2, result.reading().tokens().size());
        assertEquals(
                "a prompté".length() + 1,
                result.reading().tokens().get(TOKENS + 1).start().getAsInt());
        assertEquals(-4, result.reading().top(3, TOKENS + 1).logProb());
    }

    static Stream<Arguments> damages() {
        int first = PROMPT.size() - 1;
        int second = first + 2 + LAYERS;
        return Stream.of(
                damage("ended without a summary, after 2 tokens", events -> events.remove(events.size() - 1)),
                damage("summary came before the end of the generation", events -> events.remove(events.size() - 2)),
                damage("a target chunk came after the last", events -> events.remove(first)),
                damage("the token after position " + TOKENS + " came where", events -> events.remove(second - 1)),
                damage("targets from position index 0 were expected", events -> events.remove(first + 1)),
                damage("counts 3 tokens where 2 came", events -> events.set(events.size() - 2, end(3))),
                damage("after the end of the generation", events -> events.add(events.size() - 1, row(1).get(1))),
                damage("a token came after the end", events -> events.add(events.size() - 1, token(1, ""))),
                damage(
                        "expected a token at position " + (TOKENS + 1),
                        events -> events.set(
                                second,
                                Event.newBuilder()
                                        .setGeneratedToken(events.get(second).getGeneratedToken().toBuilder()
                                                .setPosition(TOKENS))
                                        .build())),
                damage(
                        "forced: true",
                        events -> events.set(
                                first,
                                Event.newBuilder()
                                        .setGeneratedToken(events.get(first).getGeneratedToken().toBuilder()
                                                .setForced(true))
                                        .build())),
                damage("the summary counts", events -> events.set(events.size() - 1, PROMPT.get(first))));
    }

    private static Arguments damage(String words, Consumer<List<Event>> change) {
        return Arguments.of(words, change);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void aDamagedStreamIsRefused(String words, Consumer<List<Event>> change) {
        List<Event> events = new ArrayList<>(events());
        change.accept(events);
        LensException failure = assertThrows(LensException.class, () -> {
            GenerationAssembler assembler = new GenerationAssembler(REQUEST, GenerateOptions.defaults());
            events.forEach(assembler::add);
            assembler.finish();
        });
        assertEquals(ErrorCode.BROKEN_STREAM, failure.code());
        assertTrue(Objects.requireNonNull(failure.getMessage()).contains(words), failure.getMessage());
    }
}
