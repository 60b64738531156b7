package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.grpc.stream.Compression;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.quota.Quotas;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.ManualClock;
import dev.stratalens.server.scheduling.SchedulerLimits;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.Lens;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.LensServiceGrpc.LensServiceStub;
import dev.stratalens.v1.LogitLens;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.RawLens;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Readers that stay away, over a real connection that takes next to nothing unread: the window is 1 KiB, and gRPC keeps up to
 * 32 KiB a call. By a clock that the test moves, and looked after when it says so.
 */
@Timeout(60)
final class SlowReaderOverTcpTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WINDOW = 1 << 10;
    private static final int STEPS = 6;
    private static final int BATCH_WINDOW = 4;

    private final FakeLensEngine a = FakeLensEngine.named("a");
    private final FakeLensEngine b = FakeLensEngine.named("b");
    private final ManualClock clock = new ManualClock();
    private final ComputeThread compute = new ComputeThread();
    private final ModelRegistry registry =
            new ModelRegistry(List.of("a", "b"), (model, listener) -> model.equals("a") ? a : b);
    private final LensScheduler scheduler = new LensScheduler(
            registry, new SchedulerLimits(8, 1 << 30, SchedulerLimits.DEFAULT_PASS_TOKENS), compute, Runnable::run);
    private final FailureStatus failures = new FailureStatus();
    private final Streams streams = new Streams(GrantedLimits.defaults(), Compression.NONE, failures, clock);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private Server server;

    @BeforeEach
    void start() throws IOException {
        registry.start();
        server = NettyServerBuilder.forAddress(new InetSocketAddress("localhost", 0))
                .addService(new LensGrpcService(
                        registry,
                        scheduler,
                        new Quotas((nanos, work) -> {}, System::nanoTime),
                        failures,
                        streams,
                        BATCH_WINDOW))
                .build()
                .start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channels.forEach(ManagedChannel::shutdownNow);
        server.shutdownNow().awaitTermination();
        scheduler.stopRequests();
        assertTrue(scheduler.awaitIdle(PATIENCE));
        compute.close();
        registry.close();
    }

    @Test
    void othersKeepTheirTurnsWhileReadersStayAwayAndThoseAreEnded() throws InterruptedException {
        ReadingClient takesNone = unread(connection());
        ReadingClient takesOneEachStep = unread(connection());
        ManagedChannel cutLine = channel();
        ReadingClient isCut = unread(LensServiceGrpc.newStub(cutLine));
        long unreadOfThree = streams.unreadBytes();
        cutLine.shutdownNow();
        assertEquals(Code.UNAVAILABLE, isCut.awaitStatus().getCode());
        await(() -> streams.unreadBytes() < unreadOfThree);

        LensServiceStub others = connection();
        for (int step = 1; step <= STEPS; step++) {
            takesOneEachStep.read(1).next();
            assertEquals(Code.OK, small(others, "a").readAll().awaitStatus().getCode());
            assertEquals(Code.OK, small(others, "b").readAll().awaitStatus().getCode());
            clock.advance(PATIENCE.toNanos() / STEPS);
            assertEquals(3 + step, requests(a), "nobody's turn was lost");
            assertEquals(step, requests(b));
        }
        long unreadOfTwo = streams.unreadBytes();
        streams.look();
        assertTrue(streams.unreadBytes() < unreadOfTwo, "what the one left was let go");

        // What the other took paid for a second or so each time, and for no more.
        clock.advance(PATIENCE.toNanos());
        streams.look();

        assertEquals(0, streams.unreadBytes());
        for (ReadingClient ended : List.of(takesNone, takesOneEachStep)) {
            assertEquals(Code.RESOURCE_EXHAUSTED, ended.readAll().awaitStatus().getCode());
            assertFalse(ended.events().stream().anyMatch(Event::hasSummary));
        }
        assertEquals(Code.OK, small(others, "a").readAll().awaitStatus().getCode());
    }

    @Test
    void aReaderThatWakesUpInTimeGetsEverything() throws InterruptedException {
        ReadingClient slow = unread(connection());
        clock.advance(PATIENCE.minusSeconds(1).toNanos());
        streams.look();

        assertEquals(Code.OK, slow.readAll().awaitStatus().getCode());
        assertTrue(slow.events().get(slow.events().size() - 1).hasSummary());
        assertEquals(0, streams.unreadBytes());
    }

    @Test
    void aBatchOfWhichNothingIsReadTakesNoMorePromptsAndIsEnded() throws InterruptedException {
        BatchClient batch = BatchClient.open(connection());
        batch.sendMany(10 * BATCH_WINDOW, large()).halfClose();
        await(() -> streams.unreadBytes() > 0 && !a.isRunning() && a.plannedRequests() >= BATCH_WINDOW);
        int taken = a.plannedRequests();
        LensServiceStub others = connection();
        assertEquals(Code.OK, small(others, "a").readAll().awaitStatus().getCode());
        assertEquals(taken + 1, a.plannedRequests(), "prompts wait with their client");

        clock.advance(PATIENCE.toNanos());
        streams.look();

        assertEquals(0, streams.unreadBytes());
        assertEquals(Code.RESOURCE_EXHAUSTED, batch.readAll().awaitStatus().getCode());
        assertEquals(taken + 1, a.plannedRequests());
        assertEquals(Code.OK, small(others, "a").readAll().awaitStatus().getCode());
    }

    private ManagedChannel channel() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("localhost", server.getPort())
                .usePlaintext()
                .flowControlWindow(WINDOW)
                .build();
        channels.add(channel);
        return channel;
    }

    private LensServiceStub connection() {
        return LensServiceGrpc.newStub(channel());
    }

    /** A call whose result was computed and waits for its reader. */
    private ReadingClient unread(LensServiceStub lens) throws InterruptedException {
        int before = requests(a);
        long unread = streams.unreadBytes();
        ReadingClient client = ReadingClient.call(lens, large());
        await(() -> requests(a) > before && !a.isRunning() && streams.unreadBytes() > unread);
        return client;
    }

    private static ReadingClient small(LensServiceStub lens, String model) {
        return ReadingClient.call(
                lens,
                AnalyzeRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(Prompts.text("hello"))
                        .build());
    }

    /** Of some hundred kilobytes, of which the connection takes a part. */
    private static AnalyzeRequest large() {
        return AnalyzeRequest.newBuilder()
                .setModel("a")
                .setPrompt(Prompts.ids(Collections.nCopies(60, 7)))
                .setTopK(100)
                .addLenses(Lens.newBuilder().setLogit(LogitLens.getDefaultInstance()))
                .addLenses(Lens.newBuilder().setRaw(RawLens.getDefaultInstance()))
                .setNumberForm(NumberForm.NUMBER_FORM_FLOAT32)
                .build();
    }

    private static int requests(FakeLensEngine engine) {
        return engine.passes().stream().mapToInt(List::size).sum();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }
}
