package dev.stratalens.server.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SupervisedThreadTest {

    @Test
    void workThatThrowsAnErrorBeginsAgainOnTheSameThreadAndIsDownMeanwhile() throws InterruptedException {
        CountDownLatch mayBeginAgain = new CountDownLatch(1);
        List<Thread> runs = new CopyOnWriteArrayList<>();
        BlockingQueue<Boolean> told = new LinkedBlockingQueue<>();
        SupervisedThread thread = new SupervisedThread(
                "supervised",
                () -> {
                    runs.add(Thread.currentThread());
                    if (runs.size() == 1) {
                        throw new OutOfMemoryError("made up");
                    }
                },
                () -> await(mayBeginAgain));
        thread.observe(() -> told.add(thread.isUp()));
        assertTrue(thread.isUp());

        thread.start();

        assertEquals(false, told.poll(20, TimeUnit.SECONDS));
        assertFalse(thread.isUp());
        mayBeginAgain.countDown();
        assertEquals(true, told.poll(20, TimeUnit.SECONDS));
        thread.join();
        assertTrue(thread.isUp());
        assertEquals(2, runs.size());
        assertEquals(1, runs.stream().distinct().count());
    }

    @Test
    void anObserverThatThrowsKeepsNothingFromBeginningAgain() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        SupervisedThread thread = new SupervisedThread(
                "supervised",
                () -> {
                    if (runs.incrementAndGet() < 3) {
                        throw new StackOverflowError("made up");
                    }
                },
                () -> {
                    throw new IllegalStateException("made up");
                });
        thread.observe(() -> {
            throw new AssertionError("made up");
        });

        thread.start();
        thread.join();

        assertEquals(3, runs.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
