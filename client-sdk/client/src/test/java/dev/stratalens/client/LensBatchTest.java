package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeBatchServer;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LensBatchTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt").build();
    private static final FakeRun RUN = FakeRun.of(3, REQUEST);

    @Test
    void everyRequestGetsItsResultAsItCompletes() {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 4, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Collections.nCopies(10, REQUEST))) {
            List<Long> indexes = new ArrayList<>();
            for (BatchOutcome outcome : batch.inFlight(4)) {
                assertEquals(REQUEST, outcome.request());
                assertEquals(
                        REQUEST.prompt(),
                        new Prompt.Text(outcome.result().prompt().orElseThrow()));
                indexes.add(outcome.index());
            }
            assertEquals(
                    LongStream.range(0, 10).boxed().toList(),
                    indexes.stream().sorted().toList());
        }
    }

    @Test
    void aBatchGivesWhatASingleCallGives() {
        try (FakeBatchServer many = new FakeBatchServer(RUN.events(), 1, Set.of(), FakeBatchServer.NEVER);
                FakeLensServer one = FakeLensServer.playing(RUN.events());
                LensClient batchClient = many.client();
                LensClient client = one.client();
                LensBatch batch = batchClient.analyzeAll(Stream.of(REQUEST))) {
            assertEquals(client.analyze(REQUEST), batch.iterator().next().result());
        }
    }

    @Test
    void aReaderHearsWhatARequestWaitsFor() {
        List<Event> events = new ArrayList<>(RUN.events());
        events.add(
                0,
                Event.newBuilder()
                        .setProgress(Progress.newBuilder().setPhase(Phase.PHASE_QUEUED))
                        .build());
        try (FakeBatchServer server = new FakeBatchServer(events, 1, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Collections.nCopies(3, REQUEST))) {
            Thread reader = Thread.currentThread();
            List<String> told = new ArrayList<>();
            batch.inFlight(1).onProgress((state, index) -> {
                assertEquals(reader, Thread.currentThread());
                told.add(index + " " + state.phase() + " " + state.total());
            });
            batch.forEach(outcome -> told.add(outcome.index() + " answered"));
            assertEquals(
                    LongStream.range(0, 3)
                            .boxed()
                            .flatMap(index -> Stream.of(index + " QUEUED " + OptionalLong.empty(), index + " answered"))
                            .toList(),
                    told);
        }
    }

    @Test
    void theOrderOfTheRequestsIsKeptOnDemand() {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 4, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Collections.nCopies(9, REQUEST))) {
            List<Long> indexes = new ArrayList<>();
            batch.inFlight(4).inOrder().forEach(outcome -> indexes.add(outcome.index()));
            assertEquals(LongStream.range(0, 9).boxed().toList(), indexes);
        }
    }

    @Test
    void noMoreIsPulledThanMayBeInFlight() {
        AtomicInteger pulled = new AtomicInteger();
        Stream<LensRequest> endless = Stream.generate(() -> {
            pulled.incrementAndGet();
            return REQUEST;
        });
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(endless)) {
            Iterator<BatchOutcome> outcomes = batch.inFlight(5).iterator();
            assertEquals(0, pulled.get());
            for (int taken = 0; taken < 20; taken++) {
                outcomes.next();
                // A stream's iterator holds one element beyond what it has given.
                assertTrue(pulled.get() <= taken + 5 + 1, "pulled " + pulled + " after " + taken);
            }
        }
    }

    @Test
    void aRefusedRequestFailsAlone() {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 2, Set.of(1L), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(List.of(
                        REQUEST,
                        REQUEST,
                        REQUEST.toBuilder().timeout(Duration.ofSeconds(1)).build(),
                        REQUEST))) {
            List<BatchOutcome> outcomes = new ArrayList<>();
            batch.inOrder().forEach(outcomes::add);
            assertEquals(4, outcomes.size());
            BatchOutcome.Failed refused = assertInstanceOf(BatchOutcome.Failed.class, outcomes.get(1));
            assertEquals(ErrorCode.INVALID_REQUEST, refused.failure().code());
            assertThrows(LensException.class, refused::result);
            BatchOutcome.Failed timed = assertInstanceOf(BatchOutcome.Failed.class, outcomes.get(2));
            assertTrue(String.valueOf(timed.failure().getMessage()).contains("timeout"));
            assertInstanceOf(BatchOutcome.Completed.class, outcomes.get(3));
        }
    }

    @Test
    void aBatchThatBreaksGivesWhatCameAndNamesTheRest() {
        // Answers 3, 2 and breaks at 1.
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 4, Set.of(), 1);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Collections.nCopies(100, REQUEST))) {
            Iterator<BatchOutcome> outcomes = batch.inFlight(4).inOrder().iterator();
            assertEquals(2, outcomes.next().index());
            assertEquals(3, outcomes.next().index());
            LensException broken = assertThrows(LensException.class, outcomes::hasNext);
            assertEquals(ErrorCode.UNAVAILABLE, broken.code());
            assertTrue(
                    String.valueOf(broken.getMessage())
                            .contains(
                                    "No result for the requests with index 0, 1; those from index 4 on were not sent."),
                    broken.getMessage());
            assertEquals(List.of(0L, 1L), batch.unanswered());
        }
    }

    @Test
    void closingCancelsTheCallAndEndsTheIteration() throws InterruptedException {
        AtomicBoolean sourceClosed = new AtomicBoolean();
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client()) {
            LensBatch batch = client.analyzeAll(Stream.generate(() -> REQUEST).onClose(() -> sourceClosed.set(true)));
            Iterator<BatchOutcome> outcomes = batch.iterator();
            outcomes.next();
            batch.close();
            batch.close();
            assertFalse(outcomes.hasNext());
            assertThrows(NoSuchElementException.class, outcomes::next);
            assertTrue(sourceClosed.get());
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void closedWhileARequestIsReadItEndsWithoutIt() {
        List<Runnable> beforeEach = new ArrayList<>();
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Stream.generate(() -> {
                    beforeEach.forEach(Runnable::run); // as another thread may at this moment
                    return REQUEST;
                }))) {
            Iterator<BatchOutcome> outcomes = batch.inFlight(1).iterator();
            outcomes.next();
            beforeEach.add(batch::close);
            assertFalse(outcomes.hasNext());
        }
    }

    @Test
    void aSourceThatFailsCancelsTheCallAndReachesTheReader() throws InterruptedException {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 9, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Stream.of(1, 0).map(number -> {
                    if (number == 0) {
                        throw new IllegalStateException("the corpus is torn");
                    }
                    return REQUEST;
                }))) {
            Iterator<BatchOutcome> outcomes = batch.iterator();
            IllegalStateException thrown = assertThrows(IllegalStateException.class, outcomes::hasNext);
            assertEquals("the corpus is torn", thrown.getMessage());
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void theWindowOfTheServerWidensTheOwn() {
        AtomicInteger pulled = new AtomicInteger();
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(), FakeBatchServer.NEVER, 40);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Stream.generate(() -> {
                    pulled.incrementAndGet();
                    return REQUEST;
                }))) {
            Iterator<BatchOutcome> outcomes = batch.iterator();
            for (int taken = 0; taken < 20; taken++) {
                outcomes.next();
            }
            assertTrue(pulled.get() >= 40, "pulled " + pulled);
        }
    }

    @Test
    void oneRequestCanBeCanceled() {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 9, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(Stream.generate(() -> REQUEST))) {
            Iterator<BatchOutcome> outcomes = batch.inFlight(9).iterator();
            long first = outcomes.next().index();
            batch.cancel(first); // was answered: nothing happens
            outcomes.next(); // sends index 9
            batch.cancel(9);
            List<BatchOutcome> next = new ArrayList<>();
            while (next.isEmpty() || next.get(next.size() - 1).index() != 9) {
                next.add(outcomes.next());
            }
            BatchOutcome.Failed canceled = assertInstanceOf(BatchOutcome.Failed.class, next.get(next.size() - 1));
            assertEquals(ErrorCode.CANCELLED, canceled.failure().code());
        }
    }

    @Test
    void whatRequestsAskAlikeTravelsOnce() {
        LensRequest like = REQUEST.toBuilder()
                .model("tiny")
                .target(LensTarget.text(" word"))
                .requestId("one")
                .build();
        List<LensRequest> requests = List.of(
                like,
                like.toBuilder().requestId("two").build(),
                like.toBuilder().topK(7).layers(IndexRange.last()).build());
        List<AnalyzeBatchRequest> received = received(requests);
        assertEquals(
                1, received.stream().filter(AnalyzeBatchRequest::hasDefaults).count());
        assertEquals(
                Set.of("prompt", "request_id"),
                received.get(2).getPrompt().getRequest().getAllFields().keySet().stream()
                        .map(FieldDescriptor::getName)
                        .collect(Collectors.toSet()));
        assertEquals(requests.stream().map(RequestWriter::write).toList(), asked(received));
    }

    @Test
    void aRequestThatAsksForLessIsAskedAsItIs() {
        LensRequest like = REQUEST.toBuilder()
                .model("tiny")
                .target(LensTarget.text(" word"))
                .layers(IndexRange.last())
                .build();
        LensRequest less = LensRequest.of("less")
                .statistics()
                .trajectories(Trajectories.none())
                .build();
        List<LensRequest> requests = List.of(like, less, like, less, REQUEST, like);
        List<AnalyzeBatchRequest> received = received(requests);
        assertEquals(
                2, received.stream().filter(AnalyzeBatchRequest::hasDefaults).count());
        assertEquals(requests.stream().map(RequestWriter::write).toList(), asked(received));
    }

    /** What a server gets of a batch, all of whose requests it refuses, in the order in which it was sent. */
    private static List<AnalyzeBatchRequest> received(List<LensRequest> requests) {
        Set<Long> all = LongStream.range(0, requests.size()).boxed().collect(Collectors.toSet());
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, all, FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(requests)) {
            int outcomes = 0;
            for (BatchOutcome outcome : batch.inFlight(1).inOrder()) {
                assertEquals(outcomes++, outcome.index());
            }
            assertEquals(requests.size(), outcomes);
            return server.received();
        }
    }

    /** What each prompt asks for, with what its call shares. */
    private static List<AnalyzeRequest> asked(List<AnalyzeBatchRequest> received) {
        List<AnalyzeRequest> asked = new ArrayList<>();
        AnalyzeRequest shared = AnalyzeRequest.getDefaultInstance();
        for (AnalyzeBatchRequest message : received) {
            if (message.hasDefaults()) {
                shared = message.getDefaults();
            } else {
                AnalyzeRequest.Builder whole = shared.toBuilder();
                message.getPrompt().getRequest().getAllFields().forEach(whole::setField);
                asked.add(whole.build());
            }
        }
        return asked;
    }

    @Test
    void aBatchOfNothingIsEmpty() {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client();
                LensBatch batch = client.analyzeAll(List.of())) {
            assertFalse(batch.iterator().hasNext());
            assertThrows(IllegalStateException.class, batch::iterator);
            assertThrows(IllegalStateException.class, batch::inOrder);
        }
    }
}
