package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.server.error.ServerStoppingException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ComputeThreadTest {

    private final ComputeThread compute = new ComputeThread();

    @AfterEach
    void close() {
        compute.close();
    }

    @Test
    void outlivesWorkersThatThrowErrors() throws InterruptedException {
        CountDownLatch turns = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            compute.ask(new Worker(() -> {
                turns.countDown();
                throw new OutOfMemoryError("made up");
            }));
        }

        assertTrue(turns.await(20, TimeUnit.SECONDS));
        assertEquals("done", compute.take(() -> "done"));
        assertTrue(compute.thread().isUp());
    }

    @Test
    void aLoanThatThrowsEndsNeitherThreadNorPass() {
        compute.ask(new Worker(() -> {}));
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<Boolean> lent = CompletableFuture.supplyAsync(() -> compute.take(() -> {
            compute.ask(new Worker(() -> {}) {
                @Override
                public boolean takeShortTurn(Load room, Interlude meanwhile) {
                    throw new StackOverflowError("made up");
                }
            });
            return compute.lend(new Load(1, 1), Interlude.NONE);
        }));
        mayEnd.countDown();

        assertEquals(false, lent.join());
        assertEquals("done", compute.take(() -> "done"));
    }

    @Test
    void workTakesItsTurnOnTheComputingThreadAfterWhatCameBefore() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicInteger computing = new AtomicInteger();
        compute.ask(new Worker(() -> {
            computing.incrementAndGet();
            begun.countDown();
            awaitQuietly(mayEnd);
            computing.decrementAndGet();
        }));
        begun.await();
        CompletableFuture<String> timed = CompletableFuture.supplyAsync(() -> compute.take(() -> {
            assertEquals(0, computing.get(), "nothing else computes");
            return Thread.currentThread().getName();
        }));
        assertTrue(!timed.isDone());

        mayEnd.countDown();

        assertEquals("stratalens-compute", timed.join());
    }

    @Test
    void whatTheWorkThrowsReachesWhoeverWantsIt() {
        OutOfMemoryError failure = new OutOfMemoryError("made up");

        assertSame(
                failure,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> compute.take(() -> {
                            throw failure;
                        })));
    }

    @Test
    void whoWaitsForATurnWhenTheThreadEndsHearsOfIt() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        compute.ask(new Worker(() -> {
            begun.countDown();
            awaitQuietly(mayEnd);
        }));
        begun.await();
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> compute.take(() -> "never"));

        compute.close();

        CompletionException end = assertThrows(CompletionException.class, waiting::join);
        assertInstanceOf(ServerStoppingException.class, end.getCause());
        mayEnd.countDown();
        assertThrows(ServerStoppingException.class, () -> compute.take(() -> "never"));
    }

    @Test
    void whoIsInterruptedWaitsForWorkThatHasBegun() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        CompletableFuture<String> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> outcome.complete(compute.take(() -> {
            begun.countDown();
            awaitQuietly(mayEnd);
            return "ended";
        })));
        caller.start();
        begun.await();

        caller.interrupt();
        mayEnd.countDown();

        assertEquals("ended", outcome.join());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Worker implements ComputeThread.Worker {

        private final Runnable turn;

        Worker(Runnable turn) {
            this.turn = turn;
        }

        @Override
        public void takeTurn() {
            turn.run();
        }

        @Override
        public boolean takeShortTurn(Load room, Interlude meanwhile) {
            return false;
        }
    }
}
