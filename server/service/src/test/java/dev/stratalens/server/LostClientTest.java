package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.fake.FaultyProxy;
import dev.stratalens.fake.FaultyProxy.Direction;
import dev.stratalens.fake.FaultyProxy.Effect;
import dev.stratalens.fake.FaultyProxy.Fault;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a server does when it loses a client: it ends the client's work, and serves others. */
@Timeout(60)
final class LostClientTest {

    private OperatedServer server;

    @BeforeEach
    void start() throws IOException {
        server = OperatedServer.with(builder -> builder.silence(Duration.ofSeconds(1)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** The pass waits until it is canceled: nobody resumes it. */
    @ParameterizedTest
    @EnumSource(
            value = Effect.class,
            names = {"CUT", "RESET"})
    void endsTheWorkOfAClientThatIsLost(Effect effect) throws Exception {
        Pause pause = server.engine().pauseRuns();
        try (FaultyProxy proxy = FaultyProxy.before(server.port())) {
            ManagedChannel channel = channel(proxy);
            Iterator<AnalyzeResponse> lost = analyze(channel);
            pause.awaitReached();

            proxy.strike(effect);
            server.engine().awaitIdle();
            assertUnavailable(lost);
            channel.shutdownNow();
        }
        server.engine().pauseNoMore();
        server.analyze("another caller");
    }

    /** A sender that stops within the headers of its call, and a reader. Together, because gRPC waits 10 seconds before it asks for a sign of life. */
    @Test
    void closesConnectionsThatGoSilentAndEndsTheirWork() throws Exception {
        Pause pause = server.engine().pauseRuns();
        try (FaultyProxy sending =
                        FaultyProxy.before(server.port(), new Fault(Direction.TO_SERVER, 150, Effect.STALL));
                FaultyProxy reading = FaultyProxy.before(server.port())) {
            ManagedChannel sender = channel(sending);
            Iterator<AnalyzeResponse> unsent = analyze(sender);
            sending.awaitStruck();
            ManagedChannel reader = channel(reading);
            Iterator<AnalyzeResponse> lost = analyze(reader);
            pause.awaitReached();

            reading.strike(Effect.STALL);
            server.engine().awaitIdle();
            reading.strike(Effect.CUT); // behind silence, the client would wait
            assertUnavailable(lost);
            assertUnavailable(unsent);
            sender.shutdownNow();
            reader.shutdownNow();
        }
        assertEquals(1, server.engine().plannedRequests());
        server.engine().pauseNoMore();
        server.analyze("another caller");
    }

    private static ManagedChannel channel(FaultyProxy proxy) {
        return NettyChannelBuilder.forAddress("localhost", proxy.port())
                .usePlaintext()
                .disableRetry()
                .build();
    }

    private static Iterator<AnalyzeResponse> analyze(ManagedChannel channel) {
        return LensServiceGrpc.newBlockingStub(channel)
                .analyze(AnalyzeRequest.newBuilder()
                        .setPrompt(Prompts.text("hello"))
                        .build());
    }

    private static void assertUnavailable(Iterator<AnalyzeResponse> call) {
        StatusRuntimeException end =
                assertThrows(StatusRuntimeException.class, () -> call.forEachRemaining(response -> {}));
        assertEquals(Code.UNAVAILABLE, end.getStatus().getCode());
    }
}
