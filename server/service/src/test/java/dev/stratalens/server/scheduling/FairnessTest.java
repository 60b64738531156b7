package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Callers;
import dev.stratalens.server.error.QuotaExceededException;
import dev.stratalens.server.error.QuotaExceededException.Limit;
import dev.stratalens.server.scheduling.TwoModels.Submitted;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several callers at one model. Prompts of 12 tokens and more are of one, shorter ones of another; a pass takes 24 tokens. */
final class FairnessTest {

    private static final Caller ONE = Callers.named("one");
    private static final Caller OTHER = Callers.named("other");

    private TwoModels models;
    private Pause held;

    @BeforeEach
    void holdAPass() throws InterruptedException {
        models = TwoModels.load();
        held = models.a.pauseRuns();
        models.submit("a", 1);
        held.awaitReached();
        models.a.pauseNoMore();
    }

    @AfterEach
    void close() throws InterruptedException {
        models.close();
    }

    @Test
    void aPassIsFilledInTheOrderOfTurns() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            models.submit("a", 12, ONE, WhenFull.REFUSE);
        }
        models.submit("a", 11, OTHER, WhenFull.REFUSE);
        Submitted last = models.submit("a", 10, OTHER, WhenFull.REFUSE);

        assertEquals(List.of("queued 4"), last.heard());
        held.resume();

        assertInstanceOf(LensOutcome.class, last.awaitOutcome());
        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
        assertEquals(List.of(List.of(1), List.of(12, 11), List.of(12, 10), List.of(12, 12)), models.a.passes());
        assertEquals("queued 4", last.heard().get(0));
    }

    @Test
    void aBatchWithoutEndDelaysAnotherCallerByOnePass() throws InterruptedException {
        List<Submitted> batch = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            batch.add(models.submit("a", 24, ONE, WhenFull.WAIT));
        }
        Pause first = models.a.pauseRuns();
        held.resume();
        first.awaitReached();
        models.a.pauseNoMore();
        Submitted single = models.submit("a", 11, OTHER, WhenFull.REFUSE);

        first.resume();

        assertInstanceOf(LensOutcome.class, single.awaitOutcome());
        assertEquals(List.of("queued 1", "queued 0", "started", "completed"), single.heard());
        assertEquals(
                List.of(List.of(1), List.of(24), List.of(11)), models.a.passes().subList(0, 3));
        assertInstanceOf(LensOutcome.class, batch.get(99).awaitOutcome());
    }

    @Test
    void whoAsksAgainAndAgainGetsEveryOtherPassBesideABatch() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            models.submit("a", 24, ONE, WhenFull.WAIT);
        }
        held.resume();
        for (int i = 0; i < 10; i++) {
            Submitted single = models.submit("a", 23, OTHER, WhenFull.REFUSE);
            int before = passesOf(24);
            assertInstanceOf(LensOutcome.class, single.awaitOutcome());
            assertTrue(passesOf(24) - before <= 2, models.a.passes().toString());
        }
    }

    @Test
    void aCallersSingleRequestsTakeTurnsWithItsBatchesAndItsTurnsStayItsOwn() throws InterruptedException {
        models.submit("a", 20, ONE, WhenFull.WAIT);
        models.submit("a", 20, ONE, WhenFull.WAIT);
        models.submit("a", 20, ONE, WhenFull.WAIT);
        models.submit("a", 21, ONE, WhenFull.REFUSE);
        models.submit("a", 21, ONE, WhenFull.REFUSE);
        models.submit("a", 11, OTHER, WhenFull.REFUSE);
        models.submit("a", 11, OTHER, WhenFull.REFUSE);

        held.resume();

        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
        assertEquals(
                List.of(List.of(1), List.of(20), List.of(11, 11), List.of(21), List.of(20), List.of(21), List.of(20)),
                models.a.passes());
    }

    @Test
    void turnsFollowTheWeights() throws InterruptedException {
        Caller heavy = Callers.weighing("heavy", 3);
        for (int i = 0; i < 6; i++) {
            models.submit("a", 20, heavy, WhenFull.WAIT);
            models.submit("a", 21, OTHER, WhenFull.WAIT);
        }

        held.resume();

        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
        assertEquals(
                List.of(20, 21, 20, 20, 20, 21, 20, 20, 21),
                models.a.passes().subList(1, 10).stream()
                        .map(pass -> pass.get(0))
                        .toList());
    }

    private int passesOf(int tokens) {
        return (int)
                models.a.passes().stream().filter(pass -> pass.contains(tokens)).count();
    }

    @Test
    void aCallerWithManyModelsDelaysAnotherByNoMorePassesThanWithOne() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            models.submit("a", 24, ONE, WhenFull.WAIT);
            models.submit("b", 24, ONE, WhenFull.WAIT);
        }
        Pause running = models.b.pauseRuns();
        held.resume();
        running.awaitReached();
        int ofOtherModel = models.a.passes().size();
        Pause next = models.b.pauseRuns();
        Submitted single = models.submit("b", 23, OTHER, WhenFull.REFUSE);

        running.resume();
        next.awaitReached();

        assertEquals(ofOtherModel, models.a.passes().size(), "though that model asked for the thread first");
        assertEquals(List.of(List.of(24), List.of(23)), models.b.passes());
        models.b.pauseNoMore();
        next.resume();
        assertInstanceOf(LensOutcome.class, single.awaitOutcome());
        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
    }

    @Test
    void nobodyHoldsMoreOfTheQueueThanItsShare() throws InterruptedException {
        // Of the 8 places of the queue.
        Caller sharing = Callers.with("sharing", Callers.quota(0, 0, 0, 0.25, 1));
        models.submit("a", 20, sharing, WhenFull.REFUSE);
        models.submit("a", 20, sharing, WhenFull.REFUSE);
        models.submit("a", 20, sharing, WhenFull.WAIT);
        Submitted refused = models.submit("a", 20, sharing, WhenFull.REFUSE);

        QuotaExceededException failure = assertInstanceOf(QuotaExceededException.class, refused.awaitOutcome());
        assertEquals(Limit.QUEUE_SHARE, failure.limit());
        assertEquals(2, failure.value());
        assertTrue(failure.retryAfter().isPresent());
        assertEquals(
                List.of("queued 2"),
                models.submit("a", 20, OTHER, WhenFull.REFUSE).heard());
        assertFalse(models.submit("b", 5, sharing, WhenFull.REFUSE).hasEnded(), "each model has a queue");
        held.resume();
    }
}
