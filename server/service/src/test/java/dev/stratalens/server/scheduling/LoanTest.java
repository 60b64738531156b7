package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.scheduling.TwoModels.Submitted;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Short requests within a long one of 40 tokens: 10 at a time, as long as there is memory for them beside it. */
final class LoanTest {

    private TwoModels models;
    private Pause held;
    private Submitted longRequest;

    @BeforeEach
    void holdALongRequest() throws InterruptedException {
        models = TwoModels.load();
        held = models.a.pauseRuns();
        longRequest = models.submit("a", 40);
        held.awaitReached();
    }

    @AfterEach
    void close() throws InterruptedException {
        models.close();
    }

    @Test
    void shortRequestsRunTogetherWithinALongOne() throws InterruptedException {
        Pause within = models.a.pauseRuns();
        Submitted five = models.submit("a", 5);
        models.submit("a", 6);
        models.submit("a", 4);

        held.resume();
        within.awaitReached();

        assertFalse(longRequest.hasEnded());
        assertEquals(List.of(List.of(40), List.of(5, 4)), models.a.passes());
        within.resume();
        assertInstanceOf(LensOutcome.class, five.awaitOutcome());
        assertInstanceOf(LensOutcome.class, longRequest.awaitOutcome());
    }

    @Test
    void theLongRequestHearsOfEachStepOfTheShortOnes() throws InterruptedException {
        Submitted ofSame = models.submit("a", 5);
        Submitted ofOther = models.submit("b", 10);

        held.resume();

        assertInstanceOf(LensOutcome.class, longRequest.awaitOutcome());
        assertInstanceOf(LensOutcome.class, ofSame.awaitOutcome());
        assertInstanceOf(LensOutcome.class, ofOther.awaitOutcome());
        // A step a block, and one for the rows of the head.
        assertEquals(
                2 * (FakeModel.BLOCKS + 1),
                longRequest.heard().stream().filter("others compute"::equals).count());
    }

    @Test
    void requestsThatAreNotShortWaitForTheEnd() throws InterruptedException {
        models.a.pauseNoMore();
        Submitted notShort = models.submit("a", 11);
        models.submit("a", 9);
        models.submit("a", 9);

        held.resume();

        assertInstanceOf(LensOutcome.class, notShort.awaitOutcome());
        assertEquals(List.of(List.of(40), List.of(9), List.of(9), List.of(11)), models.a.passes());
    }

    @Test
    void runsNothingThatThereIsNoMemoryForBesideTheLongRequest() throws InterruptedException {
        longRequest.request().cancel();
        longRequest.awaitOutcome();
        held = models.a.pauseRuns();
        Submitted huge = models.submit("a", 56);
        held.awaitReached();
        models.a.pauseNoMore();
        Submitted five = models.submit("a", 5);
        Submitted four = models.submit("a", 4);

        held.resume();

        assertInstanceOf(LensOutcome.class, huge.awaitOutcome());
        assertInstanceOf(LensOutcome.class, four.awaitOutcome());
        assertInstanceOf(LensOutcome.class, five.awaitOutcome());
        assertEquals(List.of(List.of(40), List.of(56), List.of(4), List.of(5)), models.a.passes());
    }

    @Test
    void theLongRequestHasItsTimeBetweenTwoLoans() throws InterruptedException {
        Pause within = models.a.pauseRuns();
        models.submit("a", 5);
        held.resume();
        within.awaitReached();
        models.a.pauseNoMore();
        models.clock.advance(50);
        Submitted late = models.submit("a", 5);
        models.submit("a", 11);

        within.resume();

        // No time passes any more, so the long request has not had its own: what came late waits and is packed with the
        // next.
        assertInstanceOf(LensOutcome.class, late.awaitOutcome());
        assertEquals(List.of(List.of(40), List.of(5), List.of(5, 11)), models.a.passes());
    }

    @Test
    void aShortRequestLendsNothing() throws InterruptedException {
        Pause within = models.a.pauseRuns();
        models.submit("a", 8);
        held.resume();
        within.awaitReached();
        models.a.pauseNoMore();
        Submitted tiny = models.submit("a", 2);

        within.resume();

        assertInstanceOf(LensOutcome.class, tiny.awaitOutcome());
        assertEquals(2, models.a.deepestPass());
    }

    @Test
    void shortRequestsOfAnotherModelRunWithinToo() throws InterruptedException {
        Pause within = models.b.pauseRuns();
        Submitted ofOther = models.submit("b", 10);

        held.resume();
        within.awaitReached();

        assertTrue(models.a.isRunning());
        assertFalse(longRequest.hasEnded());
        within.resume();
        assertInstanceOf(LensOutcome.class, ofOther.awaitOutcome());
    }

    @Test
    void aLongRequestOfAnotherModelWaits() throws InterruptedException {
        Pause after = models.b.pauseRuns();
        Submitted ofOther = models.submit("b", 11);

        held.resume();
        after.awaitReached();

        assertTrue(longRequest.hasEnded());
        after.resume();
        assertInstanceOf(LensOutcome.class, ofOther.awaitOutcome());
    }

    @Test
    void modelsTakeTheLoansByTurns() throws InterruptedException {
        models.a.pauseNoMore();
        Pause within = models.b.pauseRuns();
        models.submit("a", 9);
        models.submit("a", 9);
        models.submit("a", 9);
        Submitted ofOther = models.submit("b", 9);

        held.resume();
        within.awaitReached();

        assertTrue(models.a.passes().size() <= 3, models.a.passes().toString());
        within.resume();
        assertInstanceOf(LensOutcome.class, ofOther.awaitOutcome());
    }

    @Test
    void stopsWhatRunsWithinAndAround() throws InterruptedException {
        Pause within = models.b.pauseRuns();
        Submitted ofOther = models.submit("b", 10);
        held.resume();
        within.awaitReached();

        models.scheduler.stopRequests();

        assertInstanceOf(ServerStoppingException.class, ofOther.awaitOutcome());
        assertInstanceOf(ServerStoppingException.class, longRequest.awaitOutcome());
        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
    }
}
