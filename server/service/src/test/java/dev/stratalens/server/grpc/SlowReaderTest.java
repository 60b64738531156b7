package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.v1.AnalyzeRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SlowReaderTest {

    private static final AnalyzeRequest REQUEST =
            AnalyzeRequest.newBuilder().setPrompt(Prompts.text("hello")).build();
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void aReaderThatTakesNothingIsCutOffAndTheNextCallerServed() throws InterruptedException {
        try (RunningServer server = serverWith(64, SHORT)) {
            ReadingClient slow = ReadingClient.call(server.lens(), REQUEST);

            Status status = slow.awaitStatus();

            assertEquals(Code.RESOURCE_EXHAUSTED, status.getCode());
            assertTrue(String.valueOf(status.getDescription()).contains("did not read"), status.toString());
            assertEquals(
                    Code.OK,
                    ReadingClient.call(server.lens(), REQUEST)
                            .readAll()
                            .awaitStatus()
                            .getCode());
        }
    }

    @Test
    void aReaderThatNeverTakesTheEndIsCutOffToo() throws InterruptedException {
        try (RunningServer server = serverWith(4 << 20, SHORT)) {
            ReadingClient slow = ReadingClient.call(server.lens(), REQUEST);

            assertEquals(Code.RESOURCE_EXHAUSTED, slow.awaitStatus().getCode());
        }
    }

    @Test
    void aReaderThatWakesUpInTimeGetsEverything() throws InterruptedException {
        try (RunningServer server = serverWith(64, LONG)) {
            ReadingClient slow = ReadingClient.runningAndNotRead(server, REQUEST);
            ReadingClient behind = waitingCall(server);

            slow.readAll();

            assertEquals(Code.OK, slow.awaitStatus().getCode());
            assertTrue(slow.events().get(slow.events().size() - 1).hasSummary());
            assertEquals(Code.OK, behind.awaitStatus().getCode());
        }
    }

    @Test
    void resultsThatFitTheBufferDoNotHoldUpTheNextCaller() throws InterruptedException {
        try (RunningServer server = serverWith(4 << 20, LONG)) {
            ReadingClient idle = ReadingClient.call(server.lens(), REQUEST);

            Status next = ReadingClient.call(server.lens(), REQUEST).readAll().awaitStatus();

            assertEquals(Code.OK, next.getCode());
            assertEquals(Code.OK, idle.readAll().awaitStatus().getCode());
        }
    }

    @Test
    void answersThatFitTheBufferAreComputedTogether() throws InterruptedException {
        assertEquals(List.of(1, 2), sizesOfPasses(4 << 20));
    }

    @Test
    void anAnswerThatCouldWaitForItsReaderHoldsUpNoOtherInItsPass() throws InterruptedException {
        assertEquals(List.of(1, 1, 1), sizesOfPasses(64));
    }

    /** Of three calls, two of which wait when the first one ends. */
    private static List<Integer> sizesOfPasses(int bufferBytes) throws InterruptedException {
        try (RunningServer server = serverWith(bufferBytes, LONG)) {
            Pause pause = server.engine().pauseRuns();
            ReadingClient first = ReadingClient.call(server.lens(), REQUEST).readAll();
            pause.awaitReached();
            server.engine().pauseNoMore();
            List<ReadingClient> waiting = List.of(waitingCall(server, 1), waitingCall(server, 2));

            pause.resume();

            assertEquals(Code.OK, first.awaitStatus().getCode());
            for (ReadingClient call : waiting) {
                assertEquals(Code.OK, call.awaitStatus().getCode());
            }
            return server.engine().passes().stream().map(List::size).toList();
        }
    }

    @Test
    void cancellingFreesAComputationThatWaitsForItsReader() throws InterruptedException {
        try (RunningServer server = serverWith(64, LONG)) {
            ReadingClient slow = ReadingClient.runningAndNotRead(server, REQUEST);
            ReadingClient behind = waitingCall(server);

            slow.cancel();

            assertEquals(Code.OK, behind.awaitStatus().getCode());
        }
    }

    private static ReadingClient waitingCall(RunningServer server) throws InterruptedException {
        return waitingCall(server, 1);
    }

    private static ReadingClient waitingCall(RunningServer server, int position) throws InterruptedException {
        ReadingClient call = ReadingClient.call(server.lens(), REQUEST).readAll();
        assertEquals(position, call.next().getProgress().getTotal());
        return call;
    }

    private static RunningServer serverWith(int bufferBytes, Duration patience) {
        return RunningServer.start(settings -> settings.limits(RunningServer.limits(bufferBytes, patience, LONG)));
    }
}
