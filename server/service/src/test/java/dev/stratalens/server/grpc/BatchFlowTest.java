package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ServerStopping;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** How much of a batch is in flight, what it does to others, and how it ends early. */
final class BatchFlowTest {

    private static final AnalyzeRequest REQUEST =
            AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hello")).build();
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int MANY = 10 * RunningServer.BATCH_WINDOW;

    @Test
    void noMoreThanTheWindowIsTakenOffTheStream() throws InterruptedException {
        try (RunningServer server = RunningServer.start()) {
            Pause pause = server.engine().pauseRuns();
            BatchClient batch = BatchClient.open(server.lens())
                    .readAll()
                    .sendMany(MANY, REQUEST)
                    .halfClose();
            pause.awaitReached();
            await(() -> server.engine().plannedRequests() == RunningServer.BATCH_WINDOW);
            Thread.sleep(50);
            assertEquals(RunningServer.BATCH_WINDOW, server.engine().plannedRequests());

            pause.resume();

            assertEquals(Code.OK, batch.awaitStatus().getCode());
            assertEquals(MANY, batch.completeCount(), "though the queue has room for " + RunningServer.QUEUE_CAPACITY);
        }
    }

    @Test
    void nothingIsTakenFromAClientThatDoesNotRead() throws InterruptedException {
        try (RunningServer server = serverWith(4 << 20, LONG)) {
            BatchClient batch =
                    BatchClient.open(server.lens()).sendMany(MANY, REQUEST).halfClose();
            batch.read(2);
            batch.next();

            await(() -> !server.engine().isRunning());
            Thread.sleep(50);
            assertTrue(
                    server.engine().plannedRequests() <= RunningServer.BATCH_WINDOW,
                    "planned: " + server.engine().plannedRequests());

            batch.readAll();
            assertEquals(Code.OK, batch.awaitStatus().getCode());
            assertEquals(MANY, batch.completeCount());
        }
    }

    @Test
    void aBatchTakesNoRoomInTheQueueAndSingleCallersComeBetween() throws InterruptedException {
        try (RunningServer server = RunningServer.start()) {
            Pause pause = server.engine().pauseRuns();
            ReadingClient running = ReadingClient.call(server.lens(), REQUEST).readAll();
            pause.awaitReached();
            server.engine().pauseNoMore();
            BatchClient batch = BatchClient.open(server.lens())
                    .readAll()
                    .sendMany(MANY, REQUEST)
                    .halfClose();
            await(() -> server.engine().plannedRequests() == 1 + RunningServer.BATCH_WINDOW);

            ReadingClient first = ReadingClient.call(server.lens(), REQUEST).readAll();
            assertEquals(2, first.next().getProgress().getTotal());
            ReadingClient second = ReadingClient.call(server.lens(), REQUEST).readAll();
            assertEquals(4, second.next().getProgress().getTotal());
            ReadingClient third = ReadingClient.call(server.lens(), REQUEST).readAll();

            assertEquals(Code.RESOURCE_EXHAUSTED, third.awaitStatus().getCode(), "singles still fill the queue");
            pause.resume();
            assertEquals(Code.OK, running.awaitStatus().getCode());
            assertEquals(Code.OK, first.awaitStatus().getCode());
            assertEquals(Code.OK, second.awaitStatus().getCode());
            assertEquals(Code.OK, batch.awaitStatus().getCode());
            assertEquals(MANY, batch.completeCount());
        }
    }

    @Test
    void aReaderThatTakesNothingIsCutOffAndTheNextCallerServed() throws InterruptedException {
        try (RunningServer server = serverWith(64, SHORT)) {
            BatchClient batch = BatchClient.open(server.lens());
            batch.sendMany(MANY, REQUEST);
            batch.read(2);

            assertEquals(Code.RESOURCE_EXHAUSTED, batch.awaitStatus().getCode());
            assertEquals(
                    Code.OK,
                    ReadingClient.call(server.lens(), REQUEST)
                            .readAll()
                            .awaitStatus()
                            .getCode());
        }
    }

    @Test
    void aClientThatDoesNotEvenReadTheWindowIsCutOff() throws InterruptedException {
        try (RunningServer server = serverWith(4 << 20, SHORT)) {
            BatchClient batch = BatchClient.open(server.lens());

            assertEquals(Code.RESOURCE_EXHAUSTED, batch.awaitStatus().getCode());
        }
    }

    @Test
    void aReaderThatLeavesFinishedResultsIsCutOffThoughNothingIsComputed() throws InterruptedException {
        try (RunningServer server = serverWith(4 << 20, SHORT)) {
            BatchClient batch = BatchClient.open(server.lens()).send(1, REQUEST);
            batch.read(2);

            assertEquals(Code.RESOURCE_EXHAUSTED, batch.awaitStatus().getCode());
        }
    }

    @Test
    void cancelingStopsAllPrompts() throws InterruptedException {
        try (RunningServer server = RunningServer.start()) {
            Pause pause = server.engine().pauseRuns();
            BatchClient batch = BatchClient.open(server.lens()).readAll().sendMany(MANY, REQUEST);
            pause.awaitReached();

            batch.cancel();

            assertEquals(Code.CANCELLED, batch.awaitStatus().getCode());
            // Each prompt would stop at the pause, had it not been canceled; an open call would use up the grace
            // period.
            assertTimeout(RunningServer.LIMITS.gracePeriod().dividedBy(2), server.server()::stop);
            assertFalse(server.engine().isRunning());
        }
    }

    @Test
    void aDeadlineStopsAllPrompts() throws InterruptedException {
        try (RunningServer server = RunningServer.start()) {
            Pause pause = server.engine().pauseRuns();
            BatchClient batch = BatchClient.open(server.lens().withDeadlineAfter(1, TimeUnit.SECONDS))
                    .readAll()
                    .sendMany(MANY, REQUEST);
            pause.awaitReached();

            assertEquals(Code.DEADLINE_EXCEEDED, batch.awaitStatus().getCode());
            assertTimeout(RunningServer.LIMITS.gracePeriod().dividedBy(2), server.server()::stop);
        }
    }

    @Test
    void aConnectionThatBreaksStopsAllPrompts() throws InterruptedException {
        try (RunningServer server = RunningServer.start(settings -> settings.listen(0))) {
            Pause pause = server.engine().pauseRuns();
            ManagedChannel connection = NettyChannelBuilder.forAddress(
                            "localhost", server.server().port().orElseThrow())
                    .usePlaintext()
                    .build();
            BatchClient batch = BatchClient.open(LensServiceGrpc.newStub(connection))
                    .readAll()
                    .sendMany(MANY, REQUEST);
            pause.awaitReached();

            connection.shutdownNow();

            assertEquals(Code.UNAVAILABLE, batch.awaitStatus().getCode());
            assertTimeout(RunningServer.LIMITS.gracePeriod().dividedBy(2), server.server()::stop);
        }
    }

    @Test
    void aStoppingServerAnswersWhatIsInFlightAndThenSaysWhy() throws Exception {
        try (RunningServer server = RunningServer.start()) {
            Pause pause = server.engine().pauseRuns();
            BatchClient batch = BatchClient.open(server.lens()).readAll().sendMany(MANY, REQUEST);
            pause.awaitReached();
            await(() -> server.engine().plannedRequests() == RunningServer.BATCH_WINDOW);

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(server.server()::stop);
            Thread.sleep(50);
            pause.resume();

            assertEquals(Code.UNAVAILABLE, batch.awaitStatus().getCode());
            assertTrue(StatusProto.fromThrowable(batch.failure()).getDetails(1).is(ServerStopping.class));
            assertEquals(RunningServer.BATCH_WINDOW, batch.completeCount());
            stopped.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aStoppingServerEndsABatchThatWaitsForItsClient() throws InterruptedException {
        try (RunningServer server = RunningServer.start()) {
            BatchClient batch = BatchClient.open(server.lens()).readAll().send(0, REQUEST);
            batch.awaitSummary();

            assertTimeout(RunningServer.LIMITS.gracePeriod().dividedBy(2), server.server()::stop);

            assertEquals(Code.UNAVAILABLE, batch.awaitStatus().getCode());
        }
    }

    @Test
    void aBatchThatOutlastsTheGracePeriodIsUnavailable() throws InterruptedException {
        try (RunningServer server = RunningServer.start(
                settings -> settings.limits(RunningServer.limits(1 << 20, LONG, Duration.ofMillis(20))))) {
            Pause pause = server.engine().pauseRuns();
            BatchClient batch = BatchClient.open(server.lens())
                    .readAll()
                    .sendMany(2, REQUEST)
                    .halfClose();
            pause.awaitReached();

            server.server().stop();

            assertEquals(Code.UNAVAILABLE, batch.awaitStatus().getCode());
            assertEquals(0, batch.completeCount());
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("It did not come to that.");
            }
            Thread.sleep(1);
        }
    }

    private static RunningServer serverWith(int bufferBytes, Duration patience) {
        return RunningServer.start(settings -> settings.limits(RunningServer.limits(bufferBytes, patience, LONG)));
    }
}
