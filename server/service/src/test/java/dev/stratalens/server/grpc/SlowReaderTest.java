package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.scheduling.ManualClock;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.LensServiceGrpc.LensServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers that stay away, by a clock that the test moves: what becomes of them, and of the callers beside them. */
@Timeout(60)
final class SlowReaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final int STEPS = 6;

    private final FakeLensEngine a = FakeLensEngine.named("a");
    private final FakeLensEngine b = FakeLensEngine.named("b");
    private final ManualClock clock = new ManualClock();
    private final String name = UUID.randomUUID().toString();
    private final LensServer server = LensServer.builder(
                    List.of("a", "b"), (model, listener) -> model.equals("a") ? a : b)
            .limits(RunningServer.limits(64, PATIENCE, Duration.ofSeconds(20)))
            .streamsClock(clock)
            .inProcess(name)
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
    private final LensServiceStub lens = LensServiceGrpc.newStub(channel);

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.stop();
    }

    @Test
    void othersKeepTheirTurnsWhileReadersStayAwayAndThoseAreEnded() throws InterruptedException {
        ReadingClient takesNone = computed("a");
        ReadingClient takesOneEachStep = computed("a");
        ReadingClient isCut = computed("a");
        isCut.cancel();

        for (int step = 1; step <= STEPS; step++) {
            takesOneEachStep.read(1).next();
            assertEquals(Code.OK, call("a").readAll().awaitStatus().getCode());
            assertEquals(Code.OK, call("b").readAll().awaitStatus().getCode());
            clock.advance(STEP.toNanos());
            assertEquals(3 + step, requests(a), "nobody's turn was lost");
            assertEquals(step, requests(b));
        }
        assertTooSlow(takesNone.awaitStatus());
        // What it took paid for some microseconds of its time.
        clock.advance(STEP.toNanos());
        assertTooSlow(takesOneEachStep.awaitStatus());
        assertEquals(Code.CANCELLED, isCut.awaitStatus().getCode());
        assertEquals(Code.OK, call("a").readAll().awaitStatus().getCode());
    }

    @Test
    void aReaderThatWakesUpInTimeGetsEverything() throws InterruptedException {
        ReadingClient slow = computed("a");
        clock.advance(PATIENCE.minusSeconds(1).toNanos());

        slow.readAll();

        assertEquals(Code.OK, slow.awaitStatus().getCode());
        assertTrue(slow.events().get(slow.events().size() - 1).hasSummary());
    }

    @Test
    void answersAreComputedTogetherWhetherTheyAreReadOrNot() throws InterruptedException {
        Pause pause = a.pauseRuns();
        ReadingClient first = call("a").readAll();
        pause.awaitReached();
        a.pauseNoMore();
        ReadingClient unread = call("a").read(1);
        assertEquals(1, unread.next().getProgress().getTotal());
        ReadingClient read = call("a").readAll();
        assertEquals(2, read.next().getProgress().getTotal());

        pause.resume();

        assertEquals(Code.OK, first.awaitStatus().getCode());
        assertEquals(Code.OK, read.awaitStatus().getCode());
        assertEquals(List.of(1, 2), a.passes().stream().map(List::size).toList());
        assertEquals(Code.OK, unread.readAll().awaitStatus().getCode());
    }

    private static void assertTooSlow(Status status) {
        assertEquals(Code.RESOURCE_EXHAUSTED, status.getCode());
        assertTrue(String.valueOf(status.getDescription()).contains("did not read"), status.toString());
    }

    /** A call whose results wait for their reader. */
    private ReadingClient computed(String model) throws InterruptedException {
        FakeLensEngine engine = model.equals("a") ? a : b;
        Pause pause = engine.pauseRuns();
        ReadingClient client = call(model);
        pause.awaitReached();
        engine.pauseNoMore();
        pause.resume();
        engine.awaitIdle();
        return client;
    }

    private ReadingClient call(String model) {
        return ReadingClient.call(
                lens,
                AnalyzeRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(Prompts.text("hello"))
                        .build());
    }

    private static int requests(FakeLensEngine engine) {
        return engine.passes().stream().mapToInt(List::size).sum();
    }
}
