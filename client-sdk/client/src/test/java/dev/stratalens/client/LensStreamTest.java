package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.fake.LlamaSizedRun;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.Phase;
import io.grpc.Status;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LensStreamTest {

    private static final LensRequest REQUEST =
            LensRequest.of("a prompt").target(LensTarget.nextToken()).build();
    private static final FakeRun RUN = FakeRun.of(7, REQUEST);

    @Test
    void givesLayersInOrderAndThenTheWholeResult() {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client();
                LensStream stream = client.stream(REQUEST)) {
            List<LayerResult> layers = new ArrayList<>();
            stream.forEach(layers::add);
            LensResult result = stream.result();
            assertEquals(
                    List.of(0, 1, 2, 3), layers.stream().map(LayerResult::layer).toList());
            for (LayerResult layer : layers) {
                assertEquals(result.layer(layer.layer()), layer);
            }
            assertEquals(client.analyze(REQUEST), result);
            assertSame(result, stream.result());
        }
    }

    @Test
    void letsLayersGoOnceTheyAreRead() throws Exception {
        LensRequest request =
                REQUEST.toBuilder().trajectories(Trajectories.none()).build();
        try (FakeLensServer server =
                        FakeLensServer.playing(FakeRun.of(7, request).events());
                LensClient client = server.client();
                LensStream stream = client.stream(request).forgetLayers()) {
            List<WeakReference<Object>> numbers = new ArrayList<>();
            for (LayerResult layer : stream) {
                numbers.add(new WeakReference<>(columnsOf(layer)));
            }

            assertEquals(4, numbers.size());
            assertEquals(client.analyze(request).summary(), stream.summary());
            assertThrows(IllegalStateException.class, stream::result);
            for (int i = 0; i < 100 && numbers.stream().anyMatch(each -> each.get() != null); i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertTrue(numbers.stream().allMatch(each -> each.get() == null));
        }
    }

    @Test
    void cannotLetGoOfWhatTrajectoriesNeed() {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client();
                LensStream stream = client.stream(REQUEST)) {
            assertThrows(IllegalStateException.class, stream::forgetLayers);
        }
    }

    /** What a layer takes memory for. */
    private static Object columnsOf(LayerResult layer) throws ReflectiveOperationException {
        Field columns = layer.getClass().getDeclaredField("columns");
        columns.setAccessible(true);
        return columns.get(layer);
    }

    @Test
    void knowsTheRunBeforeTheFirstLayer() {
        List<Event> headerAndTargets = RUN.events().subList(0, 5);
        try (FakeLensServer server = FakeLensServer.hangingAfter(headerAndTargets);
                LensClient client = server.client();
                LensStream stream = client.stream(REQUEST)) {
            ModelFacts model = stream.model();
            ResultInfo info = stream.info();
            assertEquals("tiny", info.model().name());
            assertEquals(info.model(), model.info());
            assertEquals(List.of(0, 1, 2, 3), info.layers());
            assertEquals(RUN.values().finalTopIds()[2], info.finalTop(2).token().id());
        }
    }

    @Test
    void tellsProgressOnTheReadingThread() {
        List<Event> events = new ArrayList<>(RUN.events());
        events.add(0, progress(Phase.PHASE_QUEUED, 1, 4));
        events.add(1, progress(Phase.PHASE_DOWNLOAD, 3_000_000_000L, 5_000_000_000L));
        events.add(6, progress(Phase.PHASE_FORWARD, 2, 4));
        events.add(7, progress(Phase.PHASE_UNSPECIFIED, 0, 0));
        List<Progress> told = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        try (FakeLensServer server = FakeLensServer.playing(events);
                LensClient client = server.client();
                LensStream stream = client.stream(REQUEST).onProgress(progress -> {
                    told.add(progress);
                    threads.add(Thread.currentThread());
                })) {
            stream.result();
        }
        assertEquals(
                List.of(
                        Progress.of(Progress.Phase.QUEUED, 1, OptionalLong.of(4)),
                        Progress.of(Progress.Phase.DOWNLOAD, 3_000_000_000L, OptionalLong.of(5_000_000_000L)),
                        Progress.of(Progress.Phase.FORWARD, 2, OptionalLong.of(4)),
                        Progress.of(Progress.Phase.OTHER, 0, OptionalLong.of(0))),
                told);
        assertEquals(OptionalLong.of(3), told.get(0).left());
        assertEquals(Progress.Unit.BYTES, told.get(1).unit());
        assertEquals(Collections.nCopies(4, Thread.currentThread()), threads);
    }

    @Test
    void ignoresEventsThatItDoesNotKnow() {
        List<Event> events = new ArrayList<>(RUN.events());
        events.add(1, Event.getDefaultInstance());
        events.add(Event.getDefaultInstance());
        try (FakeLensServer server = FakeLensServer.playing(events);
                LensClient client = server.client()) {
            assertEquals(4, client.analyze(REQUEST).layers().size());
        }
    }

    @Test
    void whatIsReadyTogetherMayComeTogether() {
        try (FakeLensServer apart = FakeLensServer.playing(RUN.events());
                FakeLensServer together = FakeLensServer.playingTogether(RUN.events());
                LensClient one = apart.client();
                LensClient other = together.client();
                LensStream stream = other.stream(REQUEST)) {
            List<Integer> layers = new ArrayList<>();
            stream.forEach(layer -> layers.add(layer.layer()));
            assertEquals(List.of(0, 1, 2, 3), layers);
            assertEquals(one.analyze(REQUEST), stream.result());
        }
    }

    @Test
    void isIteratedOnlyOnce() {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            LensStream iterated = client.stream(REQUEST);
            Iterator<LayerResult> layers = iterated.iterator();
            assertThrows(IllegalStateException.class, iterated::iterator);
            layers.forEachRemaining(layer -> {});
            assertThrows(NoSuchElementException.class, layers::next);
            LensStream read = client.stream(REQUEST);
            read.result();
            assertThrows(IllegalStateException.class, read::iterator);
        }
    }

    @Test
    void leavingTheLoopCancelsTheCallOnTheServer() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            try (LensStream stream = client.stream(REQUEST)) {
                Iterator<LayerResult> layers = stream.iterator();
                assertEquals(0, layers.next().layer());
            }
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void afterCloseThereIsNothingMore() {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            LensStream stream = client.stream(REQUEST);
            Iterator<LayerResult> layers = stream.iterator();
            assertTrue(layers.hasNext());
            stream.close();
            stream.close();
            assertFalse(layers.hasNext());
            LensException error = assertThrows(LensException.class, stream::result);
            assertEquals(ErrorCode.CANCELLED, error.code());
            LensStream unread = client.stream(REQUEST);
            unread.close();
            assertEquals(
                    ErrorCode.CANCELLED,
                    assertThrows(LensException.class, unread::info).code());
        }
    }

    @Test
    void aResultOutlivesItsStream() {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            LensStream stream = client.stream(REQUEST);
            stream.result();
            stream.close();
            assertEquals(4, stream.result().layers().size());
        }
    }

    @Test
    void closingFromAnotherThreadEndsAWaitingLoop() throws Exception {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 5));
                LensClient client = server.client()) {
            LensStream stream = client.stream(REQUEST);
            CompletableFuture<Boolean> hasNext =
                    CompletableFuture.supplyAsync(() -> stream.iterator().hasNext());
            server.nextRequest();
            assertThrows(TimeoutException.class, () -> hasNext.get(50, TimeUnit.MILLISECONDS));
            stream.close();
            assertFalse(hasNext.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void anInterruptEndsReadingAndCancelsAndIsKept() throws Exception {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 5));
                LensClient client = server.client();
                LensStream stream = client.stream(REQUEST)) {
            stream.info();
            CompletableFuture<ErrorCode> code = new CompletableFuture<>();
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                code.complete(assertThrows(LensException.class, stream::result).code());
                interrupted.complete(Thread.currentThread().isInterrupted());
            });
            reader.start();
            reader.interrupt();
            assertEquals(ErrorCode.CANCELLED, code.get(10, TimeUnit.SECONDS));
            assertTrue(interrupted.get(10, TimeUnit.SECONDS));
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void aReaderThatStopsStopsTheServer() throws InterruptedException {
        LensRequest request =
                LensRequest.of("text").target(LensTarget.nextToken()).build();
        FakeRun run = LlamaSizedRun.of(request);
        try (FakeLensServer server = FakeLensServer.playing(run.events());
                LensClient client = server.client();
                LensStream stream = client.stream(request)) {
            Iterator<LayerResult> layers = stream.iterator();
            layers.next();
            // Header, prompt, targets, the first layer, and sixteen messages ahead.
            assertEquals(20, settledCount(server));
            layers.next();
            assertEquals(21, settledCount(server));
            layers.forEachRemaining(layer -> {});
            assertEquals(run.events().size(), server.sentCount());
        }
    }

    @Test
    void anErrorHasTheStackOfEachReader() {
        try (FakeLensServer server = FakeLensServer.failingAfter(
                        RUN.events().subList(0, 3), FakeLensServer.error(Status.Code.UNAVAILABLE, "going down"));
                LensClient client = server.client();
                LensStream stream = client.stream(REQUEST)) {
            LensException first = assertThrows(LensException.class, () -> readLayers(stream));
            assertEquals(ErrorCode.UNAVAILABLE, first.code());
            assertTrue(first.isRetryable());
            assertTrue(hasFrame(first, "readLayers"));
            LensException second = assertThrows(LensException.class, () -> readResult(stream));
            assertEquals(ErrorCode.UNAVAILABLE, second.code());
            assertTrue(hasFrame(second, "readResult"));
            assertSame(first, second.getCause());
        }
    }

    @Test
    void aCallEndsAtItsDeadline() {
        LensRequest hasty = REQUEST.toBuilder().timeout(Duration.ofMillis(100)).build();
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 5));
                LensClient client = server.client()) {
            LensException error = assertThrows(LensException.class, () -> client.analyze(hasty));
            assertEquals(ErrorCode.DEADLINE_EXCEEDED, error.code());
            assertFalse(error.isRetryable());
        }
    }

    @Test
    void aRefusedAnswerCancelsTheCall() throws InterruptedException {
        List<Event> withoutHeader = RUN.events().subList(1, 3);
        try (FakeLensServer server = FakeLensServer.hangingAfter(withoutHeader);
                LensClient client = server.client();
                LensStream stream = client.stream(REQUEST)) {
            LensException error = assertThrows(LensException.class, stream::result);
            assertEquals(ErrorCode.BROKEN_STREAM, error.code());
            assertTrue(server.isCancelledSoon());
        }
    }

    private static void readLayers(LensStream stream) {
        stream.forEach(layer -> {});
    }

    private static void readResult(LensStream stream) {
        stream.result();
    }

    private static boolean hasFrame(Throwable error, String method) {
        return Arrays.stream(error.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    /** The number of events sent, once it does not grow any more. */
    private static int settledCount(FakeLensServer server) throws InterruptedException {
        int before;
        int now = server.sentCount();
        do {
            before = now;
            Thread.sleep(100);
            now = server.sentCount();
        } while (now != before);
        return now;
    }

    private static Event progress(Phase phase, long done, long total) {
        return Event.newBuilder()
                .setProgress(dev.stratalens.v1.Progress.newBuilder()
                        .setPhase(phase)
                        .setDone(done)
                        .setTotal(total))
                .build();
    }
}
