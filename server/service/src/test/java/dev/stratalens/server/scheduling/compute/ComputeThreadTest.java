package dev.stratalens.server.scheduling.compute;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.error.ServerStoppingException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
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
        assertTrue(compute.threads().get(0).isUp());
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
            return compute.lend(new Worker(() -> {}), new Load(1, 1), Interlude.NONE);
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

    @Test
    void workersOnDisjointDevicesRunAtTheSameTime() throws InterruptedException {
        try (var several = new ComputeThread(2)) {
            CountDownLatch together = new CountDownLatch(3);
            CountDownLatch ended = new CountDownLatch(3);
            for (Device device : List.of(Device.CPU, Device.cuda(0), Device.cuda(1))) {
                several.ask(new Worker(Set.of(device), () -> {
                    together.countDown();
                    awaitQuietly(together);
                    ended.countDown();
                }));
            }

            assertTrue(ended.await(20, TimeUnit.SECONDS), "each waits for the others");
        }
    }

    /** Passes are counted: none is lost, none shares a device, and the worker that needs all devices is not passed over. */
    @Test
    void workersThatShareADeviceTakeTurns() throws InterruptedException {
        int passes = 200;
        Map<Device, AtomicInteger> running =
                Map.of(Device.cuda(0), new AtomicInteger(), Device.cuda(1), new AtomicInteger());
        var clashes = new AtomicInteger();
        var before = new ConcurrentLinkedQueue<String>();
        var left = new CountDownLatch(3 * passes);
        try (var several = new ComputeThread(2)) {
            Map<String, Set<Device>> needs = Map.of(
                    "first", Set.of(Device.cuda(0)),
                    "second", Set.of(Device.cuda(1)),
                    "both", Set.of(Device.cuda(0), Device.cuda(1)));
            needs.forEach((name, devices) -> several.ask(new Worker(devices, () -> {}) {
                private int done;

                @Override
                public void takeTurn() {
                    devices.forEach(device -> clashes.addAndGet(
                            requireNonNull(running.get(device)).getAndIncrement()));
                    Thread.onSpinWait();
                    before.add(name);
                    devices.forEach(
                            device -> requireNonNull(running.get(device)).decrementAndGet());
                    if (++done < passes) {
                        several.ask(this);
                    }
                    left.countDown();
                }
            }));

            assertTrue(left.await(20, TimeUnit.SECONDS), left.getCount() + " passes are missing");
        }
        assertEquals(0, clashes.get());
        List<String> order = List.copyOf(before);
        assertEquals(3 * passes, order.size());
        int gap = 0;
        int longest = 0;
        // Before the first, it may not have asked yet.
        for (String name : order.subList(order.indexOf("both"), order.lastIndexOf("both"))) {
            gap = name.equals("both") ? 0 : gap + 1;
            longest = Math.max(longest, gap);
        }
        assertTrue(longest <= 4, "both waited for " + longest + " passes");
    }

    /** It would start a second team of threads on the same cores. */
    @Test
    void onlyOneThreadComputesOnTheCores() {
        try (var several = new ComputeThread(3)) {
            for (int i = 0; i < 20; i++) {
                assertEquals(
                        "stratalens-compute",
                        several.take(() -> Thread.currentThread().getName()));
            }
        }
    }

    @Test
    void aPassIsLentOnlyToWorkOnItsDevices() {
        try (var several = new ComputeThread(1)) {
            var lent = new AtomicInteger();
            var blocked = new CountDownLatch(1);
            Set<Device> card = Set.of(Device.cuda(0));
            several.ask(new Worker(card, () -> awaitQuietly(blocked)));
            several.ask(new Worker(card, () -> {}) {
                @Override
                public boolean takeShortTurn(Load room, Interlude meanwhile) {
                    lent.incrementAndGet();
                    return true;
                }
            });

            boolean toCores = several.lend(new Worker(() -> {}), new Load(1, 1), Interlude.NONE);
            assertEquals(0, lent.get());
            assertTrue(!toCores);
            assertTrue(several.lend(new Worker(card, () -> {}), new Load(1, 1), Interlude.NONE));
            assertEquals(1, lent.get());
            blocked.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Worker implements ComputeThread.Worker {

        private final Set<Device> devices;
        private final Runnable turn;

        Worker(Runnable turn) {
            this(Set.of(Device.CPU), turn);
        }

        Worker(Set<Device> devices, Runnable turn) {
            this.devices = devices;
            this.turn = turn;
        }

        @Override
        public Set<Device> devices() {
            return devices;
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
