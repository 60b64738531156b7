package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.report.file.LensJson;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LensOverTcpTest {

    private static final String PROMPT = "The capital of France is";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofMillis(300);

    private static final DemoServer SERVER = DemoServer.plaintext();
    private static final LensClient CLIENT = SERVER.client();

    @BeforeAll
    static void warm() {
        CLIENT.analyze(LensRequest.of(PROMPT).build());
    }

    @AfterAll
    static void stop() {
        CLIENT.close();
        SERVER.close();
    }

    @Test
    void theModelKnowsTheCapitalOfFranceAndEveryStatisticArrives() {
        LensResult result = CLIENT.analyze(LensRequest.of(PROMPT)
                .target(LensTarget.text(" Paris"), LensTarget.nextToken())
                .statistics(Statistic.all().toArray(Statistic[]::new))
                .exact()
                .includeEmbedding()
                .build());
        int last = result.positions().get(result.positions().size() - 1);
        int top = result.layers().get(result.layers().size() - 1);

        assertEquals(" Paris", result.finalTop(last).token().text());
        assertEquals(1, result.rank(result.targets().get(0).target(), top, last).orElseThrow());
        assertEquals(0, result.klFromFinal(top, last).orElseThrow());
        assertTrue(result.klFromNext(0, last).isPresent());
        assertTrue(result.klFromNext(top, last).isEmpty());
        assertTrue(result.selfCheck().orElseThrow().top1Agrees());
        assertTrue(result.selfCheck().orElseThrow().maxLogitDifference() < 1e-3);
        assertEquals(-1, result.layers().get(0));
        assertTrue(
                result.rank(result.targets().get(1).target(), top, last).isEmpty(), "nothing follows the last token");
        assertTrue(result.crystallizationLayer(last).isPresent());
    }

    @Test
    void layersArriveOneByOneInOrder() {
        List<Integer> layers = new ArrayList<>();
        try (LensStream stream = CLIENT.stream(LensRequest.of(PROMPT).build())) {
            for (LayerResult layer : stream) {
                layers.add(layer.layer());
            }
            assertEquals(stream.result().layers(), layers);
        }
    }

    @Test
    void aResultFromTheWireSurvivesItsFile() throws Exception {
        LensResult result = CLIENT.analyze(
                LensRequest.of(PROMPT).target(LensTarget.finalTop()).build());
        var file = new StringWriter();
        LensJson.write(result, file);
        assertEquals(result, LensJson.read(new StringReader(file.toString())));
    }

    @Test
    void sixteenCallersAtOnceGetEqualResults() {
        LensRequest request = LensRequest.of(PROMPT).build();
        LensResult alone = CLIENT.analyze(request);
        List<CompletableFuture<LensResult>> calls = IntStream.range(0, 16)
                .mapToObj(i -> CLIENT.async().analyze(request))
                .toList();
        for (CompletableFuture<LensResult> call : calls) {
            LensResult result = call.join();
            for (int layer : alone.layers()) {
                for (int position : alone.positions()) {
                    assertClose(alone.topK(layer, position), result.topK(layer, position));
                    assertEquals(alone.logSumExp(layer, position), result.logSumExp(layer, position), 1e-4);
                }
            }
        }
    }

    /** Products of other shapes, as those of packed prompts are, round differently. */
    private static void assertClose(List<Prediction> expected, List<Prediction> actual) {
        assertEquals(
                expected.stream().map(Prediction::token).toList(),
                actual.stream().map(Prediction::token).toList());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).logProb(), actual.get(i).logProb(), 1e-4);
        }
    }

    @Test
    void closingAStreamStopsTheWorkAndFreesItsMemory() throws InterruptedException {
        int before = settledTensors();
        String longPrompt = "one two three four five six seven eight nine ten ".repeat(40);
        try (LensStream stream = CLIENT.stream(LensRequest.of(longPrompt).build())) {
            Iterator<LayerResult> layers = stream.iterator();
            assertTrue(layers.hasNext());
        }
        assertEquals(before, settledTensors());
        assertEquals(" Paris", last(CLIENT.analyze(LensRequest.of(PROMPT).build())));
    }

    /** Open tensors once their number rests: the call of an earlier test may still be about to end. */
    private static int settledTensors() throws InterruptedException {
        int open = SERVER.openTensors();
        long restingSince = System.nanoTime();
        long deadline = restingSince + PATIENCE.toNanos();
        while (System.nanoTime() - restingSince < REST.toNanos() && System.nanoTime() < deadline) {
            Thread.sleep(5);
            if (SERVER.openTensors() != open) {
                open = SERVER.openTensors();
                restingSince = System.nanoTime();
            }
        }
        return open;
    }

    @Test
    void aDeadlineEndsTheCall() {
        LensRequest request = LensRequest.of("one two three ".repeat(100))
                .timeout(Duration.ofMillis(1))
                .build();
        LensException failure = assertThrows(LensException.class, () -> CLIENT.analyze(request));
        assertEquals(ErrorCode.DEADLINE_EXCEEDED, failure.code());
    }

    @Test
    void aPromptBeyondTheContextIsRefusedWithItsLengthAndTheLimit() {
        LensRequest request = LensRequest.of("one two three ".repeat(1000)).build();
        LensException failure = assertThrows(LensException.class, () -> CLIENT.analyze(request));
        assertEquals(ErrorCode.PROMPT_TOO_LONG, failure.code());
        assertFalse(failure.isRetryable());
        assertTrue(String.valueOf(failure.getMessage()).contains("512"), failure.getMessage());
    }

    private static String last(LensResult result) {
        return result.finalTop(result.positions().get(result.positions().size() - 1))
                .token()
                .text();
    }
}
