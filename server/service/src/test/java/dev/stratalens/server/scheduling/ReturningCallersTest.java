package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.scheduling.TwoModels.Submitted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers who come back after a pass of a second. The clock stands still, so a pass that waits for them waits for ever. */
final class ReturningCallersTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long PATIENCE = Duration.ofMillis(5).toNanos();

    private TwoModels models;

    @BeforeEach
    void load() throws InterruptedException {
        models = TwoModels.load();
    }

    @AfterEach
    void close() throws InterruptedException {
        models.close();
    }

    @Test
    void areAwaitedBySoManyAsCameMeanwhile() throws InterruptedException {
        Submitted first = runForASecondWhile(1, () -> {
            models.submit("a", 2);
            models.submit("a", 3);
        });
        assertInstanceOf(LensOutcome.class, first.awaitOutcome());

        Submitted again = models.submit("a", 4);

        assertInstanceOf(LensOutcome.class, again.awaitOutcome());
        assertEquals(List.of(List.of(1), List.of(2, 3, 4)), models.a.passes());
    }

    @Test
    void areAwaitedByTheFirstOfThemToo() throws InterruptedException {
        Submitted first = runForASecondWhile(1, () -> models.submit("a", 2));
        assertInstanceOf(LensOutcome.class, first.awaitOutcome());
        Submitted again = runForASecondWhile(3, () -> {});
        assertInstanceOf(LensOutcome.class, again.awaitOutcome());

        models.submit("a", 4);
        Submitted last = models.submit("a", 5);

        assertInstanceOf(LensOutcome.class, last.awaitOutcome());
        assertEquals(List.of(List.of(1), List.of(2, 3), List.of(4, 5)), models.a.passes());
    }

    @Test
    void areNotAwaitedBeyondTheLimit() throws InterruptedException {
        Submitted first = runForASecondWhile(1, () -> models.submit("a", 2));
        assertInstanceOf(LensOutcome.class, first.awaitOutcome());

        while (!models.scheduler.awaitIdle(Duration.ofMillis(1))) {
            models.clock.advance(PATIENCE);
        }

        assertEquals(List.of(List.of(1), List.of(2)), models.a.passes());
    }

    @Test
    void areNotAwaitedOnceThePassIsFull() throws InterruptedException {
        Submitted first = runForASecondWhile(1, () -> {
            models.submit("a", TwoModels.PASS);
            models.submit("a", 1);
        });
        assertInstanceOf(LensOutcome.class, first.awaitOutcome());

        assertTrue(models.scheduler.awaitIdle(TwoModels.LONG));
        assertEquals(List.of(List.of(1), List.of(TwoModels.PASS), List.of(1)), models.a.passes());
    }

    @Test
    void areNotAwaitedWhileAnotherModelHasWork() throws InterruptedException {
        Pause other = models.b.pauseRuns();
        Submitted first = runForASecondWhile(1, () -> {
            models.submit("b", 1);
            models.submit("a", 2);
        });
        assertInstanceOf(LensOutcome.class, first.awaitOutcome());
        other.awaitReached();
        other.resume();
    }

    @Test
    void areNotAwaitedByACallerWhoWasAlone() throws InterruptedException {
        assertInstanceOf(LensOutcome.class, runForASecondWhile(1, () -> {}).awaitOutcome());

        assertInstanceOf(LensOutcome.class, models.submit("a", 2).awaitOutcome());

        assertEquals(List.of(List.of(1), List.of(2)), models.a.passes());
    }

    /** Submits a request whose pass takes a second, in which something happens. */
    private Submitted runForASecondWhile(int tokens, Runnable happens) throws InterruptedException {
        Pause pause = models.a.pauseRuns();
        Submitted request = models.submit("a", tokens);
        pause.awaitReached();
        happens.run();
        models.clock.advance(SECOND);
        models.a.pauseNoMore();
        pause.resume();
        return request;
    }
}
