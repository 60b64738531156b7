package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.BatchOutcome;
import dev.stratalens.client.LensBatch;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.SweepStream;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.ChangedRows;
import dev.stratalens.client.request.Direction;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Intervention;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.request.Operation;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.PromptRows;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.SweepRequest;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.SweepCell;
import dev.stratalens.client.result.SweepResult;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Interventions and sweeps of the embedded model, through a real server and the client. */
@Timeout(120)
class InterventionsOverTcpTest {

    private static final String FRANCE = "The capital of France is";
    private static final String ITALY = "The capital of Italy is";
    private static final LensTarget ROME = LensTarget.text(" Rome");
    private static final LensTarget PARIS = LensTarget.text(" Paris");

    private static final DemoServer SERVER = DemoServer.plaintext();
    private static final LensClient CLIENT = SERVER.client();

    @AfterAll
    static void stop() {
        CLIENT.close();
        SERVER.close();
    }

    private static ChangedRows last(int layer) {
        return ChangedRows.at(Site.BLOCK_OUTPUT).layers(IndexRange.of(layer)).positions(IndexRange.last());
    }

    /** The last row of the last block is all that the output reads. */
    @Test
    void theLastRowOfAnotherPromptBringsItsPrediction() {
        int blocks = CLIENT.analyze(LensRequest.of(FRANCE).build()).model().layers();
        LensResult italy = CLIENT.analyze(LensRequest.of(ITALY).build());
        LensResult changed = CLIENT.analyze(LensRequest.of(FRANCE)
                .intervention(Intervention.of(last(blocks - 1), Operation.replaceFrom(Prompt.text(ITALY))))
                .withEffect(Metric.logProbability(PARIS), Metric.klFromUnchanged())
                .withUnchanged()
                .build());
        LensResult unchanged = changed.unchanged().orElseThrow();
        InterventionEffect effect = changed.effect().orElseThrow();

        int position = changed.lastPosition();
        assertEquals(
                italy.finalTop(italy.lastPosition()).token(),
                changed.finalTop(position).token());
        assertEquals(
                CLIENT.analyze(LensRequest.of(FRANCE).build())
                        .finalTop(position)
                        .token(),
                unchanged.finalTop(position).token());
        assertEquals(List.of(position), effect.reached().get(ReadPoint.of(blocks - 1, Site.BLOCK_OUTPUT)));
        assertFalse(effect.reaches(ReadPoint.of(0, Site.BLOCK_OUTPUT), position));
        assertEquals(0, effect.largestUnreachedDifference().orElseThrow(), 1e-3);
        assertTrue(effect.metrics().get(0).unchanged() > effect.metrics().get(0).changed());
        assertTrue(effect.metrics().get(1).changed() > 0);
    }

    /** The summary of the unchanged result is not the end of the answer. */
    @Test
    void aBatchAnswersWithTheUnchangedResultsToo() {
        LensRequest request = LensRequest.of(FRANCE)
                .intervention(Intervention.of(last(1), Operation.setZero()))
                .withUnchanged()
                .build();
        LensResult alone = CLIENT.analyze(request);
        try (LensBatch batch = CLIENT.analyzeAll(List.of(request, request))) {
            int answered = 0;
            for (BatchOutcome outcome : batch) {
                LensResult result = outcome.result();
                assertEquals(
                        alone.finalTop(alone.lastPosition()).token(),
                        result.finalTop(result.lastPosition()).token());
                assertEquals(
                        alone.unchanged()
                                .orElseThrow()
                                .finalTop(alone.lastPosition())
                                .token(),
                        result.unchanged()
                                .orElseThrow()
                                .finalTop(result.lastPosition())
                                .token());
                answered++;
            }
            assertEquals(2, answered);
        }
    }

    @Test
    void everyOperationIsSentAsItIsMeant() {
        PromptRows places = PromptRows.of(List.of(Prompt.text(FRANCE), Prompt.text(ITALY)), IndexRange.last());
        PromptRows others = PromptRows.of(List.of(Prompt.text("The dog is")), IndexRange.last());
        Direction direction = Direction.difference(places, others);
        ChangedRows rows = last(1).withoutFirstToken();
        for (Operation operation : List.of(
                Operation.replaceFrom(Prompt.text(ITALY)).layer(0).positions(IndexRange.of(-1)),
                Operation.add(Direction.token(ROME), 4).atMost(2),
                Operation.addShare(direction, 1),
                Operation.projectOut(Direction.token(PARIS)),
                Operation.swap(Direction.token(PARIS), Direction.token(ROME)),
                Operation.setZero(),
                Operation.setMean(others),
                Operation.scale(-1),
                Operation.skipBlock())) {
            LensResult changed = CLIENT.analyze(LensRequest.of(FRANCE)
                    .intervention(Intervention.of(rows, operation))
                    .withEffect(Metric.klFromUnchanged())
                    .build());
            double moved = changed.effect().orElseThrow().metrics().get(0).changed();
            assertTrue(moved > 1e-6, () -> operation + ": " + moved);
        }
    }

    @Test
    void aSweepHasEachCellOnce() throws ExecutionException, InterruptedException {
        SweepRequest request = SweepRequest.of(
                        Prompt.text(FRANCE),
                        Intervention.of(ChangedRows.at(Site.BLOCK_OUTPUT), Operation.replaceFrom(Prompt.text(ITALY))),
                        Metric.logitDifference(PARIS, ROME))
                .build();
        SweepResult whole = CLIENT.sweep(request);
        Set<List<Integer>> places = new HashSet<>();
        try (SweepStream stream = CLIENT.sweepStream(request)) {
            assertEquals(whole.info(), stream.info());
            for (SweepCell cell : stream) {
                assertTrue(places.add(List.of(cell.layer(), cell.position())));
                assertEquals(whole.value(cell.layer(), cell.position()), cell.value(), 1e-3);
            }
        }

        int blocks = whole.info().layers().size();
        int tokens = whole.info().tokens().size();
        assertEquals((long) blocks * tokens, places.size());
        // The last row of the last block decides alone; the first token is the same in both prompts.
        assertEquals(whole.info().source().orElseThrow(), whole.value(blocks - 1, tokens - 1), 1e-3);
        assertEquals(whole.info().unchanged(), whole.value(0, 0), 1e-3);
        assertEquals(whole.cells(), CLIENT.async().sweep(request).get().cells());
    }

    @Test
    void aSweepOverHeadsHasACellForEachHead() {
        SweepResult found = CLIENT.sweep(SweepRequest.of(
                        Prompt.text(FRANCE),
                        Intervention.of(
                                ChangedRows.attentionHeads()
                                        .layers(IndexRange.of(1))
                                        .positions(IndexRange.last()),
                                Operation.setZero()),
                        Metric.klFromUnchanged())
                .byHead()
                .build());

        assertTrue(found.info().heads().size() > 1);
        assertEquals(found.info().heads().size(), found.cells().size());
        assertTrue(found.cells().stream().allMatch(cell -> cell.value() >= 0));
    }

    @Test
    void whatTheModelDoesNotHaveIsRefusedByName() {
        var refusal = assertThrows(
                LensException.class,
                () -> CLIENT.analyze(LensRequest.of(FRANCE)
                        .intervention(Intervention.of(last(1), Operation.setVector(1, 2, 3)))
                        .build()));

        assertTrue(
                String.valueOf(refusal.getMessage()).contains("interventions[0].set.vector.values"),
                refusal.getMessage());
    }

    @Test
    void sweepsLeaveNoTensorsBehind() {
        SweepRequest request = SweepRequest.of(
                        Prompt.text(FRANCE),
                        Intervention.of(ChangedRows.at(Site.EMBEDDING), Operation.setZero()),
                        Metric.logit(PARIS))
                .build();
        CLIENT.sweep(request);
        int open = SERVER.openTensors();
        CLIENT.sweep(request);
        assertEquals(open, SERVER.openTensors());
    }
}
