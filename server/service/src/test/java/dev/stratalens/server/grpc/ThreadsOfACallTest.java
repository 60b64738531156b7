package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.LensServer;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.TokenizeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which threads work on calls over TCP. */
@Timeout(60)
final class ThreadsOfACallTest {

    private static final String TRANSPORT = "stratalens-net-.*";

    private final SlowTextEngine engine = new SlowTextEngine("a");
    private final LensServer server = LensServer.builder(List.of("a"), (model, listener) -> engine)
            .listen(0)
            .build();
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        server.start();
        channel = NettyChannelBuilder.forAddress("localhost", server.port().orElseThrow())
                .usePlaintext()
                .build();
        // Answers once the model is loaded.
        tokenize("x");
        engine.readers.clear();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.stop();
    }

    @Test
    void aBriefTextIsReadByTheThreadThatTookItFromTheNetwork() {
        analyze("hi");

        assertEquals(1, engine.readers.size());
        assertTrue(engine.readers.get(0).matches(TRANSPORT), engine.readers.toString());
    }

    @Test
    void otherTextsAreNot() {
        analyze("x".repeat(60) + " ".repeat(1_000));
        tokenize("hi");

        assertEquals(2, engine.readers.size());
        assertTrue(engine.readers.stream().noneMatch(name -> name.matches(TRANSPORT)), engine.readers.toString());
    }

    private void analyze(String text) {
        try {
            LensServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .analyze(AnalyzeRequest.newBuilder()
                            .setPrompt(Prompts.text(text))
                            .build())
                    .forEachRemaining(message -> {});
        } catch (StatusRuntimeException tooLong) {
            // What it reads is what counts: a long text has more tokens than the model's context.
            assertEquals(Code.INVALID_ARGUMENT, tooLong.getStatus().getCode());
        }
    }

    private void tokenize(String text) {
        ModelServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .tokenize(TokenizeRequest.newBuilder()
                        .setPrompt(Prompts.text(text))
                        .build())
                .forEachRemaining(response -> {});
    }
}
