package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.SettableFuture;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.QueueFull;
import dev.stratalens.v1.ServerStopping;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.TokenizeResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many callers whose texts take long, or who wait for a model. */
@Timeout(60)
final class TextCallsTest {

    private static final TokenizeRequest SLOW = TokenizeRequest.newBuilder()
            .setPrompt(Prompts.text(SlowTextEngine.SLOW))
            .build();
    private static final Duration LONG = Duration.ofSeconds(20);

    private final SlowTextEngine engine = new SlowTextEngine("slow");
    private final CountDownLatch mayLoad = new CountDownLatch(1);
    private final String name = UUID.randomUUID().toString();
    private final LensServer server = LensServer.builder(List.of("slow"), (model, listener) -> {
                awaitQuietly(mayLoad);
                return engine;
            })
            .load(LoadPolicy.ON_DEMAND)
            .limits(RunningServer.limits(4 << 20, LONG, Duration.ofSeconds(1)))
            .inProcess(name)
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        engine.mayEnd.countDown();
        mayLoad.countDown();
        channel.shutdownNow();
        server.stop();
    }

    @Test
    void whoeverAsksForTheServersHealthIsAnsweredMeanwhile() throws Exception {
        mayLoad.countDown();
        List<ListenableFuture<TokenizeResponse>> slow = tokenizeSlowly(RunningServer.QUEUE_CAPACITY);
        List<ReadingClient> analyses = new ArrayList<>();
        for (int i = 0; i < RunningServer.QUEUE_CAPACITY; i++) {
            analyses.add(ReadingClient.call(
                            LensServiceGrpc.newStub(channel),
                            AnalyzeRequest.newBuilder()
                                    .setPrompt(Prompts.text(SlowTextEngine.SLOW))
                                    .build())
                    .readAll());
        }
        await(() -> engine.begun.get() == 2 * RunningServer.QUEUE_CAPACITY);

        assertEquals(
                ServingStatus.SERVING,
                HealthGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus());
        assertEquals(
                1, models().listModels(ListModelsRequest.getDefaultInstance()).getModelsCount());

        engine.mayEnd.countDown();
        for (ListenableFuture<TokenizeResponse> call : slow) {
            assertTrue(call.get(20, TimeUnit.SECONDS).getChunk().getTokenIdsCount() > 0);
        }
        for (ReadingClient analysis : analyses) {
            assertEquals(Code.OK, analysis.awaitStatus().getCode());
        }
    }

    @Test
    void noMoreThanTheCapacityWaitsAndWhoGoesAwayMakesRoom() throws Exception {
        List<ListenableFuture<TokenizeResponse>> waiting = new ArrayList<>();
        await(() -> isFullOf(waiting));

        waiting.get(0).cancel(true);

        await(() -> !refusesAnother());
        mayLoad.countDown();
        engine.mayEnd.countDown();
        assertTrue(waiting.get(1).get(20, TimeUnit.SECONDS).getChunk().getTokenIdsCount() > 0);
    }

    @Test
    void whoWaitsForAModelWhenTheServerStopsHearsWhy() throws Exception {
        ListenableFuture<TokenizeResponse> waiting = tokenizeSlowly(1).get(0);
        await(() -> state() == dev.stratalens.v1.ModelState.MODEL_STATE_LOADING);
        Thread stopping = new Thread(server::stop);
        stopping.start();

        ExecutionException end = assertThrows(ExecutionException.class, () -> waiting.get(20, TimeUnit.SECONDS));

        StatusRuntimeException status = assertInstanceOf(StatusRuntimeException.class, end.getCause());
        assertEquals(Code.UNAVAILABLE, status.getStatus().getCode());
        assertTrue(StatusProto.fromThrowable(status).getDetails(1).is(ServerStopping.class));
        mayLoad.countDown();
        stopping.join();
    }

    @Test
    void aCallThatIsWorkedOnTakesItsPlaceUntilThatIsOver() throws Exception {
        mayLoad.countDown();
        List<ListenableFuture<TokenizeResponse>> busy = tokenizeSlowly(RunningServer.QUEUE_CAPACITY);
        await(() -> engine.begun.get() == RunningServer.QUEUE_CAPACITY);
        assertTrue(refusesAnother());
        assertFalse(busy.get(0).isDone());

        busy.get(0).cancel(true);

        assertTrue(refusesAnother());
        engine.mayEnd.countDown();
        await(() -> !refusesAnother());
    }

    /** Whether all places are taken by calls that wait; sends some until they are, since one that asks may take a place first. */
    private boolean isFullOf(List<ListenableFuture<TokenizeResponse>> waiting) {
        waiting.removeIf(ListenableFuture::isDone);
        waiting.addAll(tokenizeSlowly(RunningServer.QUEUE_CAPACITY - waiting.size()));
        return refusesAnother() && waiting.stream().noneMatch(ListenableFuture::isDone);
    }

    /** A call that is not refused waits behind the others, up to its deadline. */
    private boolean refusesAnother() {
        try {
            var unused = models().withDeadlineAfter(1, TimeUnit.SECONDS)
                    .tokenize(TokenizeRequest.getDefaultInstance())
                    .next();
            return false;
        } catch (StatusRuntimeException refusal) {
            return refusal.getStatus().getCode() == Code.RESOURCE_EXHAUSTED
                    && StatusProto.fromThrowable(refusal).getDetails(1).is(QueueFull.class);
        }
    }

    private dev.stratalens.v1.ModelState state() {
        return models().getModel(GetModelRequest.getDefaultInstance())
                .getModel()
                .getState();
    }

    private List<ListenableFuture<TokenizeResponse>> tokenizeSlowly(int calls) {
        List<ListenableFuture<TokenizeResponse>> waiting = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            waiting.add(firstOf(SLOW));
        }
        return waiting;
    }

    /** The first response; canceling it cancels the call. */
    private ListenableFuture<TokenizeResponse> firstOf(TokenizeRequest request) {
        ClientCall<TokenizeRequest, TokenizeResponse> call =
                channel.newCall(ModelServiceGrpc.getTokenizeMethod(), CallOptions.DEFAULT);
        SettableFuture<TokenizeResponse> first = SettableFuture.create();
        first.addListener(
                () -> {
                    if (first.isCancelled()) {
                        call.cancel("by the test", null);
                    }
                },
                Runnable::run);
        ClientCalls.asyncServerStreamingCall(call, request, new StreamObserver<>() {
            @Override
            public void onNext(TokenizeResponse response) {
                first.set(response);
            }

            @Override
            public void onError(Throwable failure) {
                first.setException(failure);
            }

            @Override
            public void onCompleted() {}
        });
        return first;
    }

    private ModelServiceGrpc.ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "It did not come to that.");
            Thread.sleep(1);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
