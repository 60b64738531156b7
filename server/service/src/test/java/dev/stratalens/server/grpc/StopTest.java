package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.ServerStopping;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StopTest {

    private static final AnalyzeRequest REQUEST =
            AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hello")).build();
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void finishesTheCallsItHasAndRefusesNewOnes() throws Exception {
        RunningServer server = RunningServer.start();
        Pause pause = server.engine().pauseRuns();
        ReadingClient running = ReadingClient.call(server.lens(), REQUEST).readAll();
        pause.awaitReached();
        ReadingClient waiting = ReadingClient.call(server.lens(), REQUEST).readAll();
        waiting.next();
        Iterator<HealthCheckResponse> health = HealthGrpc.newBlockingStub(server.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .watch(HealthCheckRequest.getDefaultInstance());
        assertEquals(ServingStatus.SERVING, health.next().getStatus());

        BatchClient idle = BatchClient.open(server.lens()).readAll();
        idle.next();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(server.server()::stop);
        assertEquals(ServingStatus.NOT_SERVING, health.next().getStatus());
        // Health comes first, then requests are refused, then batches end.
        idle.awaitStatus();
        StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> server.analyze(REQUEST));

        assertEquals(Code.UNAVAILABLE, refused.getStatus().getCode());
        assertTrue(StatusProto.fromThrowable(refused).getDetails(1).is(ServerStopping.class));
        assertFalse(stopped.isDone());
        pause.resume();
        assertEquals(Code.OK, running.awaitStatus().getCode());
        assertEquals(Code.OK, waiting.awaitStatus().getCode());
        stopped.get(20, TimeUnit.SECONDS);
        server.server().awaitTermination();
        assertTrue(server.engine().isClosed());
        server.close();
    }

    @Test
    void cancelsWhatOutlastsTheGracePeriod() throws Exception {
        RunningServer server = RunningServer.start(
                settings -> settings.limits(RunningServer.limits(1 << 20, LONG, Duration.ofMillis(20))));
        Pause pause = server.engine().pauseRuns();
        ReadingClient running = ReadingClient.call(server.lens(), REQUEST).readAll();
        pause.awaitReached();
        ReadingClient waiting = ReadingClient.call(server.lens(), REQUEST).readAll();
        waiting.next();

        server.server().stop();

        assertEquals(Code.UNAVAILABLE, running.awaitStatus().getCode());
        assertEquals(Code.UNAVAILABLE, waiting.awaitStatus().getCode());
        assertTrue(server.engine().isClosed());
        server.close();
    }

    @Test
    void cutsOffReadersThatOutlastTheGracePeriod() throws Exception {
        RunningServer server =
                RunningServer.start(settings -> settings.limits(RunningServer.limits(64, LONG, Duration.ofMillis(20))));
        ReadingClient slow = ReadingClient.runningAndNotRead(server, REQUEST);
        server.engine().awaitIdle();

        server.server().stop();

        assertEquals(Code.UNAVAILABLE, slow.awaitStatus().getCode());
        assertTrue(server.engine().isClosed());
        server.close();
    }
}
