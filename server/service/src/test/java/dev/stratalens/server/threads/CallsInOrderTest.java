package dev.stratalens.server.threads;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CallsInOrderTest {

    private final CallsInOrder calls = new CallsInOrder("a test");
    private final List<String> made = new CopyOnWriteArrayList<>();

    @Test
    void whatACallAddsIsMadeAfterIt() {
        calls.add(() -> {
            calls.add(() -> made.add("second"));
            calls.makeAll();
            made.add("first");
        });

        calls.makeAll();

        assertEquals(List.of("first", "second"), made);
    }

    @Test
    void aCallThatThrowsKeepsNoOtherFromBeingMade() {
        calls.add(() -> {
            throw new OutOfMemoryError("made up");
        });
        calls.add(() -> made.add("second"));

        calls.makeAll();

        assertEquals(List.of("second"), made);
    }

    @Test
    void whoComesWhileACallIsMadeNeedNotWaitButMay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        calls.add(() -> {
            begun.countDown();
            await(mayEnd);
            made.add("first");
        });
        CompletableFuture<Void> first = CompletableFuture.runAsync(calls::makeAll);
        begun.await();

        calls.add(() -> made.add("second"));
        calls.makeAll();
        assertTrue(made.isEmpty());
        CompletableFuture<Void> finished = CompletableFuture.runAsync(calls::finish);
        mayEnd.countDown();

        finished.get(20, TimeUnit.SECONDS);
        first.get(20, TimeUnit.SECONDS);
        assertEquals(List.of("first", "second"), made);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
