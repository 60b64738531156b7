package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.server.LensServer;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.GetServerInfoRequest;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ServerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server in the middle of a pass by which it warms itself up, which goes on only if it is told to end. */
@Timeout(60)
final class WarmServerTest {

    private final FakeLensEngine engine = FakeLensEngine.named("fake");
    private final Pause pause = engine.pauseRuns();
    private final String name = UUID.randomUUID().toString();
    private final LensServer server = LensServer.builder(List.of("fake"), (model, listener) -> engine)
            .warmUp()
            .inProcess(name)
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();

    @BeforeEach
    void start() throws IOException, InterruptedException {
        server.start();
        pause.awaitReached();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.stop();
    }

    @Test
    void saysThatItServesAndWhatItIs() {
        assertEquals(
                ServingStatus.SERVING,
                HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus());
        assertEquals(
                1,
                ServerServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .getServerInfo(GetServerInfoRequest.getDefaultInstance())
                        .getModelsCount());
    }

    @Test
    void answersARequest() throws InterruptedException {
        engine.pauseNoMore();

        ReadingClient call = ReadingClient.call(
                        LensServiceGrpc.newStub(channel),
                        AnalyzeRequest.newBuilder()
                                .setPrompt(Prompts.text("hi"))
                                .build())
                .readAll();

        assertEquals(Code.OK, call.awaitStatus().getCode());
    }

    @Test
    void stopsAndFreesTheModel() {
        server.stop();

        assertTrue(engine.isClosed());
    }
}
