package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.scheduling.TwoModels.Submitted;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are computed together. */
final class PassTest {

    private TwoModels models;
    private Pause held;

    @BeforeEach
    void load() throws InterruptedException {
        models = TwoModels.load();
        held = models.a.pauseRuns();
    }

    @AfterEach
    void close() throws InterruptedException {
        models.close();
    }

    @Test
    void packsTheRequestsThatWaitAsFarAsTheyFit() throws InterruptedException {
        List<Submitted> requests = heldPassOf(12, 13, 7, 5);

        held.resume();

        awaitOutcomes(requests);
        assertEquals(List.of(List.of(1), List.of(12, 7, 5), List.of(13)), models.a.passes());
    }

    @Test
    void aRequestThatRunsAloneSharesNoPass() throws InterruptedException {
        models.submit("a", 1);
        held.awaitReached();
        List<Submitted> requests = List.of(models.submit("a", 3), models.submitAlone("a", 4), models.submit("a", 5));

        held.resume();

        awaitOutcomes(requests);
        assertEquals(List.of(List.of(1), List.of(3, 5), List.of(4)), models.a.passes());
    }

    @Test
    void onSeveralCardsLongRequestsAreOnTheirWayTogether() throws InterruptedException {
        held.resume();
        models.close();
        models = TwoModels.load(Map.of(Device.cuda(0), 10L, Device.cuda(1), 10L));
        held = models.a.pauseRuns();
        List<Submitted> requests = heldPassOf(20, 20, 15, 30);

        held.resume();

        awaitOutcomes(requests);
        // As far as there is memory, for 60 tokens here.
        assertEquals(List.of(List.of(1), List.of(20, 20, 15), List.of(30)), models.a.passes());
    }

    @Test
    void onOneCardLongRequestsRunAloneAsOnTheProcessor() throws InterruptedException {
        held.resume();
        models.close();
        models = TwoModels.load(Map.of(Device.cuda(0), 10L));
        held = models.a.pauseRuns();
        List<Submitted> requests = heldPassOf(20, 20);

        held.resume();

        awaitOutcomes(requests);
        assertEquals(List.of(List.of(1), List.of(20), List.of(20)), models.a.passes());
    }

    @Test
    void everyRequestOfAPassHearsThatItRuns() throws InterruptedException {
        List<Submitted> requests = heldPassOf(2, 3, 23);

        held.resume();

        awaitOutcomes(requests);
        assertEquals(
                List.of("queued 1", "queued 0", "started", "completed"),
                requests.get(0).heard());
        assertEquals(
                List.of("queued 2", "queued 1", "queued 0", "started", "completed"),
                requests.get(1).heard());
        assertEquals(
                List.of("queued 3", "queued 2", "queued 1", "queued 0", "started", "completed"),
                requests.get(2).heard());
    }

    @Test
    void thoseWhoWaitHearHowManyAreStillAhead() throws InterruptedException {
        List<Submitted> pass = heldPassOf(2, 3);
        Submitted behind = models.submit("a", 1);

        pass.get(0).request().cancel();
        assertInstanceOf(LensCanceledException.class, pass.get(0).awaitOutcome());
        held.resume();

        assertInstanceOf(LensOutcome.class, behind.awaitOutcome());
        assertEquals(List.of("queued 2", "queued 1", "queued 0", "started", "completed"), behind.heard());
    }

    @Test
    void aPassTakesOnePlaceOfTheQueueHoweverManyItIs() throws InterruptedException {
        heldPassOf(2, 3, 4);
        for (int i = 0; i < 8; i++) {
            assertEquals(List.of("queued " + (3 + i)), models.submit("a", 30).heard());
        }

        assertInstanceOf(QueueFullException.class, models.submit("a", 30).awaitOutcome());
    }

    @Test
    void aCanceledRequestLeavesItsPassAndTheOthersGoOn() throws InterruptedException {
        List<Submitted> pass = heldPassOf(2, 3, 4);

        pass.get(1).request().cancel();
        held.resume();

        assertInstanceOf(LensCanceledException.class, pass.get(1).awaitOutcome());
        awaitOutcomes(List.of(pass.get(0), pass.get(2)));
        assertEquals(List.of(2, 3, 4), models.a.passes().get(1));
    }

    @Test
    void stopsAllRequestsOfAPassWithTheReasonOfTheServer() throws InterruptedException {
        List<Submitted> pass = heldPassOf(2, 3);

        models.scheduler.stopRequests();

        for (Submitted request : pass) {
            assertInstanceOf(ServerStoppingException.class, request.awaitOutcome());
        }
        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
    }

    /** Requests that came while another one ran, held in the first block of their pass. */
    private List<Submitted> heldPassOf(int... lengths) throws InterruptedException {
        Pause first = held;
        models.submit("a", 1);
        first.awaitReached();
        held = models.a.pauseRuns();
        List<Submitted> requests = IntStream.of(lengths)
                .mapToObj(length -> models.submit("a", length))
                .toList();
        first.resume();
        held.awaitReached();
        return requests;
    }

    private static void awaitOutcomes(List<Submitted> requests) throws InterruptedException {
        for (Submitted request : requests) {
            assertInstanceOf(LensOutcome.class, request.awaitOutcome());
        }
    }
}
