package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.engine.error.DeviceMemoryException;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.MemoryLimitExceeded;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.QueueFull;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that wait, end early, fail, or come together. */
final class CallLifeTest {

    private static final AnalyzeRequest REQUEST =
            AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hello")).build();

    private final RunningServer server = RunningServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void closingTheCallStopsTheComputationAndFreesTheQueue() throws InterruptedException {
        Pause pause = server.engine().pauseRuns();
        ReadingClient client = ReadingClient.call(server.lens(), REQUEST).readAll();
        pause.awaitReached();
        server.engine().pauseNoMore();

        client.cancel();

        assertEquals(Code.CANCELLED, client.awaitStatus().getCode());
        assertTrue(complete(server.analyze(REQUEST)), "the engine is free again");
        server.engine().awaitIdle();
    }

    @Test
    void aConnectionThatBreaksStopsTheComputation() throws InterruptedException {
        try (RunningServer remote = RunningServer.start(settings -> settings.listen(0))) {
            Pause pause = remote.engine().pauseRuns();
            ManagedChannel connection = NettyChannelBuilder.forAddress(
                            "localhost", remote.server().port().orElseThrow())
                    .usePlaintext()
                    .build();
            ReadingClient client = ReadingClient.call(LensServiceGrpc.newStub(connection), REQUEST)
                    .readAll();
            pause.awaitReached();
            remote.engine().pauseNoMore();

            connection.shutdownNow();

            assertEquals(Code.UNAVAILABLE, client.awaitStatus().getCode());
            assertTrue(complete(remote.analyze(REQUEST)), "the engine is free again");
        }
    }

    @Test
    void everyCallIsOverOnceItHasSucceededFailedOrBeenCanceled() throws InterruptedException {
        server.analyze(REQUEST);
        assertThrows(
                StatusRuntimeException.class,
                () -> server.analyze(REQUEST.toBuilder().setTopK(101).build()));
        Pause pause = server.engine().pauseRuns();
        ReadingClient client = ReadingClient.call(server.lens(), REQUEST).readAll();
        pause.awaitReached();
        client.cancel();

        // Were a call still counted as open, stopping would take the whole grace period.
        assertTimeout(RunningServer.LIMITS.gracePeriod().dividedBy(2), server.server()::stop);
    }

    @Test
    void aDeadlineStopsTheComputation() throws InterruptedException {
        Pause pause = server.engine().pauseRuns();
        ReadingClient client = ReadingClient.call(server.lens().withDeadlineAfter(1, TimeUnit.SECONDS), REQUEST)
                .readAll();
        pause.awaitReached();
        server.engine().pauseNoMore();

        assertEquals(Code.DEADLINE_EXCEEDED, client.awaitStatus().getCode());
        assertTrue(complete(server.analyze(REQUEST)), "the engine is free again");
    }

    @Test
    void aWaitingCallHearsItsPositionAndTheHeaderOnceItRuns() throws InterruptedException {
        Pause pause = server.engine().pauseRuns();
        ReadingClient running = ReadingClient.call(server.lens(), REQUEST).readAll();
        pause.awaitReached();
        server.engine().pauseNoMore();
        ReadingClient first = ReadingClient.call(server.lens(), REQUEST).readAll();
        assertEquals(1, first.next().getProgress().getTotal());
        ReadingClient second = ReadingClient.call(server.lens(), REQUEST).readAll();
        assertEquals(2, second.next().getProgress().getTotal());

        pause.resume();

        assertEquals(Code.OK, running.awaitStatus().getCode());
        assertEquals(Code.OK, second.awaitStatus().getCode());
        List<Long> positions = second.events().stream()
                .filter(event -> event.getProgress().getPhase() == Phase.PHASE_QUEUED)
                .map(event -> event.getProgress().getDone())
                .toList();
        assertEquals(List.of(0L, 1L, 2L), positions);
        assertTrue(second.events().get(3).hasHeader());
    }

    @Test
    void refusesCallsThatTheQueueHasNoRoomFor() throws Exception {
        Pause pause = server.engine().pauseRuns();
        List<ReadingClient> admitted = new ArrayList<>();
        for (int i = 0; i <= RunningServer.QUEUE_CAPACITY; i++) {
            ReadingClient client = ReadingClient.call(server.lens(), REQUEST).readAll();
            admitted.add(client);
            // Only once its place is taken does the next one come, and not into the pass of the first.
            client.next();
            pause.awaitReached();
        }

        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> server.analyze(REQUEST));

        assertEquals(Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
        assertEquals(
                RunningServer.QUEUE_CAPACITY,
                detail(refused).unpack(QueueFull.class).getCapacity());
        pause.resume();
        for (ReadingClient client : admitted) {
            assertEquals(Code.OK, client.awaitStatus().getCode());
        }
    }

    @Test
    void callersAtTheSameTimeGetEqualResults() throws Exception {
        List<Event> alone = results(server.analyze(REQUEST));
        try (RunningServer roomy = RunningServer.start(settings -> settings.limits(new GrantedLimits(
                ModelRegistry.UNBOUNDED,
                RunningServer.MAX_REQUEST_BYTES,
                16,
                4,
                1 << 20,
                Duration.ofSeconds(20),
                Duration.ofSeconds(20))))) {
            ExecutorService callers = Executors.newFixedThreadPool(16);
            List<Future<List<Event>>> together = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                together.add(callers.submit(() -> roomy.analyze(REQUEST)));
            }
            for (Future<List<Event>> result : together) {
                assertEquals(alone, results(result.get()));
            }
            callers.shutdown();
        }
    }

    @Test
    void aFaultReachesTheCallerAsAnIdAndTheServerGoesOn() {
        server.engine().failWith(new IllegalStateException("secret /home/someone/model"));
        StatusRuntimeException failed = assertThrows(StatusRuntimeException.class, () -> server.analyze(REQUEST));

        assertEquals(Code.INTERNAL, failed.getStatus().getCode());
        assertFalse(failed.toString().contains("secret"), failed.toString());
        assertEquals(
                RunningServer.MODEL,
                server.models()
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModels(0)
                        .getName());
    }

    @Test
    void aDeviceWithoutMemoryFailsTheRequestWithNumbersAndTheNextOneRuns() throws InvalidProtocolBufferException {
        try (RunningServer remote = RunningServer.start(settings -> settings.listen(0))) {
            ManagedChannel connection = NettyChannelBuilder.forAddress(
                            "localhost", remote.server().port().orElseThrow())
                    .usePlaintext()
                    .build();
            LensServiceGrpc.LensServiceBlockingStub lens = LensServiceGrpc.newBlockingStub(connection);
            remote.engine().failWith(new DeviceMemoryException("cuda:0", 6_000, 4_000));

            StatusRuntimeException failed = assertThrows(
                    StatusRuntimeException.class, () -> lens.analyze(REQUEST).forEachRemaining(message -> {}));

            assertEquals(Code.RESOURCE_EXHAUSTED, failed.getStatus().getCode());
            assertTrue(
                    failed.toString()
                            .contains("cuda:0 ran out of memory: a piece of 6,000 bytes was needed, 4,000 were"),
                    failed.toString());
            assertEquals(
                    MemoryLimitExceeded.newBuilder()
                            .setNeededBytes(6_000)
                            .setLimitBytes(4_000)
                            .build(),
                    detail(failed).unpack(MemoryLimitExceeded.class));
            remote.engine().failNoMore();
            List<Event> next = new ArrayList<>();
            lens.analyze(REQUEST).forEachRemaining(message -> next.addAll(message.getEventsList()));
            assertTrue(complete(next));
            connection.shutdownNow();
        }
    }

    private static Any detail(StatusRuntimeException failure) throws InvalidProtocolBufferException {
        return StatusProto.fromThrowable(failure).getDetails(1);
    }

    private static boolean complete(List<Event> events) {
        return events.get(events.size() - 1).hasSummary();
    }

    /** What does not depend on the moment. */
    private static List<Event> results(List<Event> events) {
        return events.stream()
                .filter(event -> !event.hasProgress() && !event.hasSummary())
                .toList();
    }
}
