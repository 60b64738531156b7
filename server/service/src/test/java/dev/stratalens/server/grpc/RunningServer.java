package dev.stratalens.server.grpc;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.LensServerBuilder;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ServerServiceGrpc;
import dev.stratalens.v1.TokenizeRequest;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A server of one fake model, and a channel to it within the process. */
final class RunningServer implements AutoCloseable {

    static final String MODEL = "fake";
    static final int QUEUE_CAPACITY = 2;
    static final int BATCH_WINDOW = 5;
    /** Room for a prompt of the whole context at some layers, not at all of them. */
    static final long MAX_REQUEST_BYTES = 300 * FakeLensEngine.BYTES_PER_CELL;

    static final GrantedLimits LIMITS = limits(4 << 20, Duration.ofSeconds(20), Duration.ofSeconds(20));

    /** Of the model as it is loaded first. */
    private final FakeLensEngine engine = FakeLensEngine.named(MODEL);

    private final Queue<FakeLensEngine> unused = new ConcurrentLinkedQueue<>(List.of(engine));
    private final LensServer server;
    private final ManagedChannel channel;

    private RunningServer(UnaryOperator<LensServerBuilder> settings) {
        String name = UUID.randomUUID().toString();
        server = settings.apply(LensServer.builder(List.of(MODEL), (model, listener) -> nextEngine())
                        .limits(LIMITS)
                        .inProcess(name))
                .build();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    private FakeLensEngine nextEngine() {
        return Optional.ofNullable(unused.poll()).orElseGet(() -> FakeLensEngine.named(MODEL));
    }

    static RunningServer start() {
        return start(settings -> settings);
    }

    static RunningServer start(UnaryOperator<LensServerBuilder> settings) {
        RunningServer running = new RunningServer(settings);
        try {
            running.server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Answers once the model is loaded: no test has to reckon with that.
        running.models()
                .tokenize(TokenizeRequest.newBuilder()
                        .setPrompt(Prompts.text("x"))
                        .build())
                .forEachRemaining(response -> {});
        return running;
    }

    static GrantedLimits limits(int buffer, Duration slowReader, Duration grace) {
        return new GrantedLimits(
                ModelRegistry.UNBOUNDED, MAX_REQUEST_BYTES, QUEUE_CAPACITY, BATCH_WINDOW, buffer, slowReader, grace);
    }

    LensServer server() {
        return server;
    }

    FakeLensEngine engine() {
        return engine;
    }

    ManagedChannel channel() {
        return channel;
    }

    ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    LensServiceGrpc.LensServiceStub lens() {
        return LensServiceGrpc.newStub(channel);
    }

    ServerServiceGrpc.ServerServiceBlockingStub info() {
        return ServerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    /** All events of a call that succeeds; throws what a client gets for one that fails. */
    List<Event> analyze(AnalyzeRequest request) {
        return messages(request).stream()
                .flatMap(message -> message.getEventsList().stream())
                .toList();
    }

    /** As {@link #analyze}, as they came. */
    List<AnalyzeResponse> messages(AnalyzeRequest request) {
        List<AnalyzeResponse> messages = new ArrayList<>();
        LensServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .analyze(request)
                .forEachRemaining(messages::add);
        return messages;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.stop();
    }
}
