package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeBatchServer;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeModelService;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.fake.LlamaSizedRun;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Trajectories;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Layers, outcomes and progress for a subscriber. The rules of Reactive Streams are checked in {@link PublisherRulesTest}. */
@Timeout(30)
class PublisherTest {

    private static final LensRequest REQUEST = LensRequest.of("a prompt").build();
    private static final FakeRun RUN = FakeRun.of(7, REQUEST);

    @Test
    void aSubscriberGetsTheLayersAndThenTheResult() {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client();
                LensStream stream = client.async().stream(REQUEST)) {
            Recorder<LayerResult> recorder = Recorder.ofAll(stream);
            List<LayerResult> layers = recorder.all();
            LensResult result = stream.result();
            assertEquals(
                    List.of(0, 1, 2, 3), layers.stream().map(LayerResult::layer).toList());
            layers.forEach(layer -> assertEquals(result.layer(layer.layer()), layer));
            assertEquals(client.analyze(REQUEST), result);
        }
    }

    @Test
    void layersThatComeTogetherAreGivenOneByOne() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.playingTogether(RUN.events());
                LensClient client = server.client()) {
            Recorder<LayerResult> recorder = Recorder.of(client.stream(REQUEST), 1);
            for (int layer = 0; layer < 4; layer++) {
                assertEquals(layer, Objects.requireNonNull(recorder.next()).layer());
                assertEquals(0, recorder.waiting());
                recorder.subscription().request(1);
            }
            assertEquals(List.of(), recorder.all());
        }
    }

    @Test
    void aSubscriberThatDoesNotAskStopsTheServer() throws InterruptedException {
        LensRequest request =
                LensRequest.of("text").target(LensTarget.nextToken()).build();
        FakeRun run = LlamaSizedRun.of(request);
        try (FakeLensServer server = FakeLensServer.playing(run.events());
                LensClient client = server.client()) {
            Recorder<LayerResult> recorder = Recorder.of(client.stream(request), 1);
            assertEquals(0, Objects.requireNonNull(recorder.next()).layer());
            assertTrue(server.sentCount() < run.events().size() / 2, "sent " + server.sentCount());
            recorder.subscription().request(Long.MAX_VALUE);
            assertEquals(79, recorder.all().size());
        }
    }

    @Test
    void cancelingCancelsTheCallOnTheServer() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 6));
                LensClient client = server.client()) {
            LensStream stream = client.stream(REQUEST);
            Recorder<LayerResult> recorder = Recorder.ofAll(stream);
            server.nextRequest();
            recorder.subscription().cancel();
            assertTrue(server.isCancelledSoon());
            assertEquals(
                    ErrorCode.CANCELLED,
                    assertThrows(LensException.class, stream::result).code());
            assertFalse(recorder.end().isDone());
        }
    }

    @Test
    void aFailureEndsItAfterWhatCame() {
        try (FakeLensServer server = FakeLensServer.failingAfter(
                        RUN.events().subList(0, 7), FakeLensServer.error(Status.Code.UNAVAILABLE, "going down"));
                LensClient client = server.client()) {
            Recorder<LayerResult> recorder = Recorder.ofAll(client.stream(REQUEST));
            assertEquals(ErrorCode.UNAVAILABLE, failure(recorder).code());
            assertEquals(1, recorder.waiting());
        }
    }

    @Test
    void layersAreReadOnce() {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            LensStream stream = client.stream(REQUEST);
            Recorder<LayerResult> first = Recorder.ofAll(stream);
            Recorder<LayerResult> second = Recorder.ofAll(stream);
            CompletionException refused = assertThrows(CompletionException.class, second::all);
            assertInstanceOf(IllegalStateException.class, refused.getCause());
            assertThrows(IllegalStateException.class, stream::iterator);
            assertEquals(4, first.all().size());
        }
    }

    @Test
    void layersCanBeLetGo() {
        LensRequest request =
                REQUEST.toBuilder().trajectories(Trajectories.none()).build();
        try (FakeLensServer server =
                        FakeLensServer.playing(FakeRun.of(7, request).events());
                LensClient client = server.client()) {
            LensStream stream = client.stream(request).forgetLayers();
            assertEquals(4, Recorder.ofAll(stream).all().size());
            assertTrue(stream.summary().selfCheck().isPresent());
            assertThrows(IllegalStateException.class, stream::result);
        }
    }

    @Test
    void aBatchPullsNoFurtherThanItsSubscriberReads() throws InterruptedException {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(1L), FakeBatchServer.NEVER);
                LensClient client = server.client()) {
            AtomicInteger pulled = new AtomicInteger();
            LensBatch batch = client.async()
                    .analyzeAll(Stream.generate(() -> REQUEST).limit(100).peek(request -> pulled.incrementAndGet()))
                    .inFlight(2)
                    .inOrder();
            Recorder<BatchOutcome> recorder = Recorder.of(batch, 0);
            assertEquals(0, pulled.get());
            recorder.subscription().request(2);
            assertInstanceOf(BatchOutcome.Completed.class, recorder.next());
            assertInstanceOf(BatchOutcome.Failed.class, recorder.next());
            assertTrue(pulled.get() <= 5, "pulled " + pulled.get());
            recorder.subscription().request(Long.MAX_VALUE);
            assertEquals(98, recorder.all().size());
        }
    }

    @Test
    void aBatchThatBreaksGivesWhatWasAnsweredAndNamesTheRest() {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(), 2);
                LensClient client = server.client()) {
            Recorder<BatchOutcome> recorder = Recorder.ofAll(
                    client.analyzeAll(Stream.generate(() -> REQUEST).limit(3)).inFlight(1));
            LensException broken = failure(recorder);
            assertEquals(ErrorCode.UNAVAILABLE, broken.code());
            assertTrue(String.valueOf(broken.getMessage()).contains("No result for the requests with index 2"));
            assertEquals(2, recorder.waiting());
        }
    }

    @Test
    void whatASourceThrowsEndsTheBatch() throws InterruptedException {
        try (FakeBatchServer server = new FakeBatchServer(RUN.events(), 1, Set.of(), FakeBatchServer.NEVER);
                LensClient client = server.client()) {
            IllegalStateException thrown = new IllegalStateException("of the source");
            Recorder<BatchOutcome> recorder = Recorder.ofAll(client.analyzeAll(Stream.generate(() -> {
                throw thrown;
            })));
            CompletionException failed = assertThrows(CompletionException.class, recorder::all);
            assertEquals(thrown, failed.getCause());
            assertTrue(server.isCancelledSoon());
        }
    }

    @Test
    void loadingPublishesHowFarItIs() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            List<Progress> heard =
                    Recorder.ofAll(client.async().loadProgress("tiny")).all();
            assertEquals(
                    List.of(Progress.Phase.DOWNLOAD, Progress.Phase.OTHER, Progress.Phase.LOADING),
                    heard.stream().map(Progress::phase).toList());
            Recorder<Progress> unfinished = Recorder.ofAll(client.async().loadProgress("other"));
            assertEquals(ErrorCode.BROKEN_STREAM, failure(unfinished).code());
        }
    }

    @Test
    void whatASubscriberThrowsCancels() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.hangingAfter(RUN.events().subList(0, 7));
                LensClient client = server.client()) {
            Flow.Subscriber<LayerResult> throwing = new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscription.request(1);
                }

                @Override
                public void onNext(LayerResult layer) {
                    throw new IllegalStateException("of the subscriber");
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onComplete() {}
            };
            try {
                client.stream(REQUEST).subscribe(throwing);
            } catch (IllegalStateException e) {
                // On this thread if the layer was there already, else on one of gRPC.
                assertEquals("of the subscriber", e.getMessage());
            }
            assertTrue(server.isCancelledSoon());
        }
    }

    private static LensException failure(Recorder<?> recorder) {
        CompletionException failed = assertThrows(CompletionException.class, recorder::all);
        return assertInstanceOf(LensException.class, failed.getCause());
    }
}
