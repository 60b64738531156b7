package dev.stratalens.server.grpc.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Int32Value;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.scheduling.ManualClock;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class StreamWriterTest {

    /** Every message of these tests is as long. */
    private static final int BYTES = Int32Value.of(1).getSerializedSize();

    private static final int SHARE = 4 * BYTES;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ManualClock clock = new ManualClock();
    private final OutboundMemory memory = new OutboundMemory(SHARE, 3L * SHARE);
    private final FakeServerCall<Int32Value> call = new FakeServerCall<>();
    private final StreamWriter<Int32Value> writer = writer(call);

    @Test
    void messagesGoOutWhileTheyAreReadAndNothingIsHeld() {
        call.take(2);

        write(1, 2);

        assertEquals(messages(1, 2), call.taken());
        assertEquals(0, memory.heldBytes());
    }

    @Test
    void noWriterWaitsAndEverythingComesInOrderOnceItIsRead() {
        write(1, 2, 3, 4);
        writer.complete();
        assertEquals(List.of(), call.taken());
        assertTrue(call.isOpen());

        call.take(10);

        assertEquals(messages(1, 2, 3, 4), call.taken());
        assertTrue(call.isCompleted());
        assertEquals(0, memory.heldBytes());
    }

    @Test
    void aCallThatLeavesMoreThanThereIsRoomForIsEnded() {
        // Half of everything, though its own share is less.
        write(1, 2, 3, 4, 5, 6);

        ReaderTooSlowException refusal = assertThrows(ReaderTooSlowException.class, () -> write(7));

        assertTrue(refusal.getMessage().contains("no room for more"), refusal.getMessage());
        assertFalse(call.isOpen());
        assertEquals(0, memory.heldBytes());
        assertThrows(ReaderTooSlowException.class, () -> write(8));
    }

    @Test
    void aCallThatFillsTheMemoryLeavesOthersTheirShare() {
        write(1, 2, 3, 4, 5, 6);
        FakeServerCall<Int32Value> other = new FakeServerCall<>();
        StreamWriter<Int32Value> beside = writer(other);

        IntStream.range(0, 4).forEach(i -> beside.write(Int32Value.of(1)));

        assertTrue(other.isOpen());
        assertThrows(ReaderTooSlowException.class, () -> write(7));
        beside.cancel();
        assertEquals(0, memory.heldBytes());
    }

    @Test
    void theTimeThatAReaderStaysAwayIsCountedInTotal() {
        write(1, 2, 3, 4, 5, 6);
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(5).toNanos());
            call.take(1);
            writer.look();
            assertTrue(call.isOpen(), "after " + (i + 1) + " messages");
        }
        clock.advance(Duration.ofSeconds(6).toNanos());

        writer.look();

        assertInstanceOf(ReaderTooSlowException.class, call.failure().getCause());
        assertThrows(ReaderTooSlowException.class, () -> write(7));
    }

    @Test
    void timeInWhichNothingWaitsDoesNotCount() {
        clock.advance(PATIENCE.multipliedBy(3).toNanos());
        write(1);
        clock.advance(PATIENCE.minusSeconds(1).toNanos());
        writer.look();
        assertTrue(call.isOpen());
        call.take(1);
        clock.advance(PATIENCE.multipliedBy(3).toNanos());

        writer.look();

        assertTrue(call.isOpen());
    }

    @Test
    void aSlowButSteadyReaderIsNeverCutOff() {
        ReaderPatience patience = new ReaderPatience(PATIENCE, clock);
        patience.waits(true);
        for (int second = 0; second < 1_000; second++) {
            clock.advance(Duration.ofSeconds(1).toNanos());
            patience.took(ReaderPatience.PACE);
        }
        assertEquals(Duration.ZERO, patience.away());
        assertFalse(patience.isOver());
    }

    @Test
    void offeredMessagesGiveWayToLaterOnesAndNeverToResults() {
        OutboundMemory plenty = new OutboundMemory(1 << 20, 1 << 20);
        StreamWriter<Int32Value> progress = writer(call, plenty);
        progress.write(Int32Value.of(1));
        for (int i = 0; i < 100; i++) {
            progress.offer(Int32Value.of(2 + i % 50));
        }
        progress.offer(Int32Value.of(99));
        progress.write(Int32Value.of(100));
        call.take(1_000);

        List<Int32Value> taken = call.taken();
        assertEquals(1 + 32 + 1, taken.size());
        assertEquals(messages(99, 100), taken.subList(taken.size() - 2, taken.size()));
        assertEquals(0, plenty.heldBytes());
    }

    @Test
    void whatIsOfferedIsLostRatherThanEndingTheCall() {
        write(1, 2, 3, 4, 5, 6);

        writer.offer(Int32Value.of(7));

        assertTrue(call.isOpen());
        call.take(10);
        assertEquals(messages(1, 2, 3, 4, 5, 6), call.taken());
    }

    @Test
    void tellsWhenMuchWaitsAndWhenAllOfItIsTaken() {
        List<Boolean> told = new CopyOnWriteArrayList<>();
        writer.whenBehind(told::add);

        write(1, 2);
        assertEquals(List.of(), told);
        write(3);
        assertEquals(List.of(true), told);
        call.take(2);
        assertEquals(List.of(true), told);
        call.take(1);

        assertEquals(List.of(true, false), told);
    }

    @Test
    void whoIsToldOfTheEndMayUseAnotherThreadThatUsesTheStream() throws Exception {
        CompletableFuture<Boolean> heard = new CompletableFuture<>();
        writer.whenCutOff(() -> heard.complete(CompletableFuture.supplyAsync(writer::isReady)
                .orTimeout(20, TimeUnit.SECONDS)
                .join()));
        write(1);
        clock.advance(PATIENCE.toNanos());

        writer.look();

        assertFalse(heard.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aCanceledStreamTakesNothingMore() {
        write(1, 2);

        writer.cancel();

        assertThrows(LensCanceledException.class, () -> write(3));
        assertEquals(0, memory.heldBytes());
    }

    @Test
    void whatComesCloseTogetherLeavesTogether() {
        call.take(10);

        hold(1, 2);
        assertEquals(List.of(), call.taken());
        write(3);

        assertEquals(messages(1, 2, 3), call.taken());
    }

    @Test
    void nothingThatIsReadyWaitsLongerThanAMoment() {
        call.take(10);
        hold(1);

        clock.advance(ProgressThrottle.PAUSE.toNanos() - 1);
        writer.look();
        assertEquals(List.of(), call.taken());
        clock.advance(1);
        writer.look();

        assertEquals(messages(1), call.taken());
    }

    @Test
    void whatComesLongAfterTheLastLeavesAtOnce() {
        call.take(10);
        clock.advance(Duration.ofMillis(5).toNanos());

        hold(1);

        assertEquals(messages(1), call.taken());
    }

    @Test
    void aRemarkGivesWayToWhatComesNext() {
        call.take(10);

        writer.remark(Int32Value.of(1));
        writer.remark(Int32Value.of(2));
        write(3);

        assertEquals(messages(3), call.taken());
    }

    @Test
    void aRemarkThatNothingFollowedForAMomentIsSent() {
        call.take(10);
        writer.remark(Int32Value.of(1));
        clock.advance(ProgressThrottle.PAUSE.toNanos());

        writer.look();
        write(2);

        assertEquals(messages(1, 2), call.taken());
    }

    @Test
    void theEndTakesAlongWhatWaits() {
        call.take(10);
        hold(1, 2);

        writer.complete();

        assertEquals(messages(1, 2), call.taken());
        assertTrue(call.isCompleted());
    }

    @Test
    void aFailureDropsWhatWaits() {
        call.take(10);
        hold(1);

        writer.fail(new IllegalStateException("made up"));
        clock.advance(PATIENCE.toNanos());
        writer.look();

        assertEquals(List.of(), call.taken());
    }

    @Test
    void whatAReaderDoesNotTakeWaitsForItInOrder() {
        call.take(1);
        hold(1, 2);
        writer.complete();
        assertEquals(messages(1), call.taken());

        call.take(1);

        assertEquals(messages(1, 2), call.taken());
        assertTrue(call.isCompleted());
        assertEquals(0, memory.heldBytes());
    }

    private StreamWriter<Int32Value> writer(FakeServerCall<Int32Value> target) {
        return writer(target, memory);
    }

    private StreamWriter<Int32Value> writer(FakeServerCall<Int32Value> target, OutboundMemory room) {
        return new StreamWriter<>(
                target,
                room,
                new ReaderPatience(PATIENCE, clock),
                new HeldMessages<>(clock),
                failure -> Status.INTERNAL.withCause(failure).asRuntimeException());
    }

    private void write(int... values) {
        IntStream.of(values).forEach(value -> writer.write(Int32Value.of(value)));
    }

    private void hold(int... values) {
        IntStream.of(values).forEach(value -> writer.hold(Int32Value.of(value)));
    }

    private static List<Int32Value> messages(int... values) {
        return IntStream.of(values).mapToObj(Int32Value::of).toList();
    }
}
