package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.GenerationStream;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.Candidates;
import dev.stratalens.client.request.ChangedRows;
import dev.stratalens.client.request.Direction;
import dev.stratalens.client.request.GenerateOptions;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.Operation;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.TokenSampling;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.StopReason;
import dev.stratalens.client.result.Trajectory;
import dev.stratalens.report.file.LensJson;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Generation by a real server, read by the client. */
@Timeout(120)
class GenerateOverTcpTest {

    private static final String PROMPT = "The capital of France is";
    private static final double TOLERANCE = 1e-3;
    private static final GenerateOptions TEN =
            GenerateOptions.builder().maxTokens(10).ignoreEndTokens(true).build();

    private static final DemoServer SERVER = DemoServer.plaintext();
    private static final LensClient CLIENT = SERVER.client();

    @BeforeAll
    static void warm() {
        CLIENT.analyze(full(LensRequest.of(PROMPT)));
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        SERVER.close();
    }

    private static LensRequest full(LensRequest.Builder request) {
        return request.target(LensTarget.nextToken(), LensTarget.finalTop(), LensTarget.text(" Paris"))
                .statistics(Statistic.all().toArray(Statistic[]::new))
                .lenses(Lens.logit(), Lens.raw())
                .includeEmbedding()
                .build();
    }

    @Test
    void theResultIsThatOfPromptAndGeneratedTextAsOnePrompt() {
        GenerationResult result = CLIENT.generate(full(LensRequest.of(PROMPT)), TEN);

        assertEquals(10, result.tokens().size());
        assertTrue(result.text().startsWith(" Paris"), result.text());
        assertEquals(StopReason.MAX_TOKENS, result.stopReason());
        assertTrue(result.seed().isEmpty());
        LensResult written = result.reading();
        LensResult whole = CLIENT.analyze(full(LensRequest.ofTokenIds(ids(written))));
        assertEquals(whole.positions(), written.positions());
        for (Lens lens : whole.lenses()) {
            assertClose(whole.through(lens), written.through(lens));
        }
        assertEquals(Optional.of(PROMPT + result.text()), written.prompt());
        assertRangesCover(written);
        for (GeneratedToken token : result.tokens()) {
            assertEquals(whole.finalTop(token.position() - 1).token(), token.token());
            assertEquals(whole.finalTop(token.position() - 1).logProb(), token.logProb(), TOLERANCE);
            assertEquals(whole.crystallizationLayer(token.position() - 1), token.settledFrom());
        }
    }

    private static int[] ids(LensResult result) {
        return result.tokens().stream().mapToInt(token -> token.token().id()).toArray();
    }

    private static void assertClose(LensResult expected, LensResult actual) {
        for (int position : expected.positions()) {
            for (int layer : expected.layers()) {
                String cell = "layer %d, position %d".formatted(layer, position);
                assertEquals(
                        expected.top(layer, position).logProb(),
                        actual.top(layer, position).logProb(),
                        TOLERANCE,
                        cell);
                for (Statistic statistic : Statistic.all()) {
                    assertClose(
                            expected.statistic(statistic, layer, position),
                            actual.statistic(statistic, layer, position),
                            cell + ", " + statistic);
                }
                for (LensTarget target : List.of(LensTarget.nextToken(), LensTarget.finalTop())) {
                    assertClose(
                            expected.targetLogProb(target, layer, position),
                            actual.targetLogProb(target, layer, position),
                            cell + ", " + target);
                }
            }
            List<Trajectory> tracked = actual.trajectories(position);
            assertFalse(tracked.isEmpty());
            assertTrue(tracked.stream()
                    .anyMatch(each ->
                            expected.trajectory(position, each.token().id()).isPresent()));
        }
    }

    private static void assertClose(OptionalDouble expected, OptionalDouble actual, String what) {
        assertEquals(expected.isPresent(), actual.isPresent(), what);
        if (expected.isPresent()) {
            double value = expected.getAsDouble();
            // Compact numbers are rounded.
            assertEquals(value, actual.getAsDouble(), 0.01 + 0.01 * Math.abs(value), what);
        }
    }

    private static void assertRangesCover(LensResult result) {
        int end = 0;
        for (PromptToken token : result.tokens()) {
            assertTrue(token.start().getAsInt() <= end, token::toString);
            end = Math.max(end, token.end().getAsInt());
        }
        assertEquals(result.prompt().orElseThrow().length(), end);
    }

    /** Sent as it is meant, and the result is that of an analysis with the same changes. */
    @Test
    void aSteeredTextIsThatOfAnAnalysisWithTheSameChanges() {
        ChangedRows rows = ChangedRows.at(Site.BLOCK_OUTPUT).layers(IndexRange.of(4, 5));
        Operation operation = Operation.addShare(Direction.token(LensTarget.text(" Rome")), 0.5);
        LensRequest request = LensRequest.of(PROMPT)
                .exact()
                .intervention(Intervention.of(rows.generated(ChangedRows.Generated.ALSO), operation))
                .build();
        GenerationResult result = CLIENT.generate(request, TEN);
        LensResult whole = CLIENT.analyze(LensRequest.ofTokenIds(ids(result.reading()))
                .exact()
                .intervention(Intervention.of(rows, operation))
                .build());
        for (int position : whole.positions()) {
            for (int layer : whole.layers()) {
                assertEquals(
                        whole.top(layer, position).logProb(),
                        result.reading().top(layer, position).logProb(),
                        TOLERANCE,
                        "layer %d, position %d".formatted(layer, position));
            }
        }
        assertNotEquals(CLIENT.generate(LensRequest.of(PROMPT).build(), TEN).text(), result.text());
    }

    @Test
    void eachTokenHasTheLeastLikelyTokensIfAsked() {
        GenerationResult result = CLIENT.generate(
                LensRequest.of(PROMPT).candidates(Candidates.leastLikely()).build(), TEN);
        LensResult reading = result.reading();
        assertEquals(CLIENT.generate(LensRequest.of(PROMPT).build(), TEN).text(), result.text());
        int position = reading.lastPosition();
        int layer = reading.layers().get(reading.layers().size() - 1);
        assertTrue(reading.topK(layer, position).get(1).logProb() < -8, reading::toString);
    }

    @Test
    void tokensComeWithTheRowFromWhichEachWasChosen() {
        try (GenerationStream stream =
                CLIENT.streamGeneration(LensRequest.of(PROMPT).build(), TEN)) {
            int count = 0;
            for (GeneratedToken token : stream) {
                LensResult from = stream.chosenFrom();
                int chosenAt = token.position() - 1;
                assertEquals(chosenAt, from.lastPosition());
                assertEquals(count == 0 ? chosenAt + 1 : 1, from.positions().size());
                assertEquals(token.token(), from.finalTop(chosenAt).token());
                assertEquals(from.crystallizationLayer(chosenAt), token.settledFrom());
                count++;
            }
            assertEquals(10, count);
            assertEquals(10, stream.result().tokens().size());
        }
    }

    @Test
    void theResultSurvivesItsFile() throws Exception {
        LensResult result = CLIENT.generate(LensRequest.of(PROMPT).build(), TEN).reading();
        var file = new StringWriter();
        LensJson.write(result, file);
        assertEquals(result, LensJson.read(new StringReader(file.toString())));
    }

    @Test
    void onlyTheLastPositionOfThePromptNeedBeRead() {
        LensRequest request =
                LensRequest.of(PROMPT).positions(IndexRange.of(0, 0)).build();
        GenerationResult result = CLIENT.generate(request, TEN);
        int last = result.tokens().get(0).position() - 1;
        assertEquals(
                IntStream.concat(IntStream.of(0), IntStream.rangeClosed(last, last + 10))
                        .boxed()
                        .toList(),
                result.reading().positions());
    }

    @Test
    void aSeedRepeatsATextAndTheServerReportsItsOwn() {
        LensRequest request = LensRequest.of(PROMPT).build();
        TokenSampling hot = TokenSampling.builder().temperature(1.5).topK(50).build();
        GenerationResult first = CLIENT.generate(request, drawn(hot));
        TokenSampling same = TokenSampling.builder()
                .temperature(1.5)
                .topK(50)
                .seed(first.seed().getAsLong())
                .build();
        assertEquals(first.text(), CLIENT.generate(request, drawn(same)).text());
        assertEquals(first.seed(), CLIENT.generate(request, drawn(same)).seed());
    }

    private static GenerateOptions drawn(TokenSampling sampling) {
        return GenerateOptions.builder().maxTokens(12).sampling(sampling).build();
    }

    @Test
    void forcedTokensComeFirstAndStopTextsEnd() {
        LensRequest request = LensRequest.of(PROMPT).build();
        GenerationResult free = CLIENT.generate(request, TEN);
        int[] ids = free.tokens().stream()
                .mapToInt(token -> token.token().id())
                .limit(3)
                .toArray();
        GenerationResult forced = CLIENT.generate(
                request,
                GenerateOptions.builder()
                        .maxTokens(4)
                        .ignoreEndTokens(true)
                        .forced(ids)
                        .build());
        assertEquals(
                List.of(true, true, true, false),
                forced.tokens().stream().map(GeneratedToken::forced).toList());
        assertEquals(free.tokens().get(3).token(), forced.tokens().get(3).token());

        GenerationResult stopped = CLIENT.generate(
                request, GenerateOptions.builder().stopTexts("Paris").build());
        assertEquals(StopReason.STOP_TEXT, stopped.stopReason());
        assertEquals(1, stopped.tokens().size());
        assertEquals(
                2 + stopped.tokens().get(0).position() - 1,
                stopped.reading().positions().size());
    }

    @Test
    void generationsAndAnalysesAtOnceAreWhatEachIsAlone() {
        LensRequest request = LensRequest.of(PROMPT).build();
        GenerationResult alone = CLIENT.generate(request, TEN);
        List<CompletableFuture<GenerationResult>> written = IntStream.range(0, 6)
                .mapToObj(i -> CLIENT.async().generate(request, TEN))
                .toList();
        List<CompletableFuture<LensResult>> analyzed = IntStream.range(0, 6)
                .mapToObj(i -> CLIENT.async().analyze(request))
                .toList();
        written.forEach(call -> assertEquals(alone.text(), call.join().text()));
        analyzed.forEach(call -> assertEquals(
                " Paris",
                call.join().finalTop(call.join().lastPosition()).token().text()));
    }

    /** Passes that are shared round otherwise, so equal numbers show that none was. */
    @Test
    void aTextThatIsComputedAloneIsTheSameToTheBitWhateverElseRuns() {
        LensRequest alone = LensRequest.of(PROMPT).exact().alone().build();
        TokenSampling hot = TokenSampling.builder().temperature(1.5).seed(11).build();
        GenerationResult quiet = CLIENT.generate(alone, drawn(hot));
        List<CompletableFuture<GenerationResult>> others = IntStream.range(0, 4)
                .mapToObj(i -> CLIENT.async().generate(LensRequest.of(PROMPT).build(), TEN))
                .toList();
        GenerationResult busy = CLIENT.generate(alone, drawn(hot));
        others.forEach(CompletableFuture::join);
        assertEquals(quiet.tokens(), busy.tokens());
        for (int position : quiet.reading().positions()) {
            for (int layer : quiet.reading().layers()) {
                assertEquals(
                        quiet.reading().topK(layer, position), busy.reading().topK(layer, position));
            }
        }
    }

    @Test
    void closingAStreamBetweenTokensFreesItsMemory() throws InterruptedException {
        int before = settledTensors();
        GenerateOptions longText =
                GenerateOptions.builder().maxTokens(400).ignoreEndTokens(true).build();
        try (GenerationStream stream =
                CLIENT.streamGeneration(LensRequest.of(PROMPT).build(), longText)) {
            Iterator<GeneratedToken> tokens = stream.iterator();
            for (int i = 0; i < 3; i++) {
                assertTrue(tokens.hasNext());
                assertFalse(tokens.next().text().isEmpty());
            }
            assertTrue(SERVER.openTensors() > before);
        }
        assertEquals(before, settledTensors());
    }

    /** Open tensors once their number rests. */
    private static int settledTensors() throws InterruptedException {
        int open = SERVER.openTensors();
        long restingSince = System.nanoTime();
        long deadline = restingSince + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() - restingSince < 300_000_000 && System.nanoTime() < deadline) {
            Thread.sleep(5);
            if (SERVER.openTensors() != open) {
                open = SERVER.openTensors();
                restingSince = System.nanoTime();
            }
        }
        return open;
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        LensRequest request = LensRequest.of(PROMPT).build();
        assertRefused("options.max_tokens", request, GenerateOptions.builder().maxTokens(510));
        assertRefused(
                "options.forced.ids[1]", request, GenerateOptions.builder().forced(1, 3072));
        assertRefused(
                "options.sampling.top_k",
                request,
                GenerateOptions.builder()
                        .sampling(TokenSampling.builder().topK(3073).build()));
        assertRefused(
                "attribution",
                LensRequest.of(PROMPT)
                        .target(LensTarget.finalTop())
                        .withAttribution()
                        .build(),
                GenerateOptions.builder());
        assertRefused(
                "effect",
                LensRequest.of(PROMPT)
                        .intervention(Intervention.of(
                                ChangedRows.at(Site.BLOCK_OUTPUT).layers(IndexRange.of(1)), Operation.setZero()))
                        .withEffect(Metric.klFromUnchanged())
                        .build(),
                GenerateOptions.builder());
    }

    private static void assertRefused(String field, LensRequest request, GenerateOptions.Builder options) {
        LensException failure = assertThrows(LensException.class, () -> CLIENT.generate(request, options.build()));
        assertTrue(Set.of(ErrorCode.INVALID_REQUEST, ErrorCode.NOT_AVAILABLE).contains(failure.code()));
        assertTrue(String.valueOf(failure.getMessage()).contains(field), failure.getMessage());
    }
}
