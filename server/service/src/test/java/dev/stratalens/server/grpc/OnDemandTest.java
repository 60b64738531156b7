package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelState;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.TokenizeRequest;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Models that wait to be asked for. */
class OnDemandTest {

    private final CountDownLatch mayLoad = new CountDownLatch(1);
    private final List<String> loaded = new CopyOnWriteArrayList<>();
    private final String name = UUID.randomUUID().toString();
    private final LensServer server = LensServer.builder(List.of("a", "b"), (model, listener) -> {
                loaded.add(model);
                await();
                return FakeLensEngine.named(model);
            })
            .load(LoadPolicy.ON_DEMAND)
            .inProcess(name)
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();

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
    void areListedAndServeBeforeTheyAreLoaded() {
        assertEquals(List.of(ModelState.MODEL_STATE_NOT_LOADED, ModelState.MODEL_STATE_NOT_LOADED), states());
        assertEquals(ServingStatus.SERVING, health(""));
        assertEquals(ServingStatus.SERVING, health("a"));
        assertEquals(List.of(), loaded);
    }

    @Test
    void areLoadedByTheFirstAnalysisWhichHearsOfIt() {
        Iterator<AnalyzeResponse> events = LensServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .analyze(AnalyzeRequest.newBuilder()
                        .setModel("b")
                        .setPrompt(Prompts.text("x"))
                        .build());
        assertEquals(
                Phase.PHASE_DOWNLOAD, events.next().getEvents(0).getProgress().getPhase());
        mayLoad.countDown();
        AnalyzeResponse last = AnalyzeResponse.getDefaultInstance();
        while (events.hasNext()) {
            last = events.next();
        }

        assertTrue(last.getEvents(last.getEventsCount() - 1).hasSummary());
        assertEquals(List.of("b"), loaded);
        assertEquals(List.of(ModelState.MODEL_STATE_NOT_LOADED, ModelState.MODEL_STATE_READY), states());
    }

    @Test
    void areLoadedByTheFirstTokenization() {
        mayLoad.countDown();
        var models = ModelServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
        assertEquals(
                2,
                models.tokenize(TokenizeRequest.newBuilder()
                                .setModel("a")
                                .setPrompt(Prompts.text("x"))
                                .build())
                        .next()
                        .getChunk()
                        .getTokenIdsCount());
        assertEquals(List.of("a"), loaded);
    }

    @Test
    void tellWhoeverWaitsHowFarTheirDownloadIs() throws IOException {
        String far = UUID.randomUUID().toString();
        LensServer downloading = LensServer.builder(List.of("far"), (model, listener) -> {
                    try {
                        for (long done = 1; !mayLoad.await(10, TimeUnit.MILLISECONDS); done++) {
                            listener.downloaded(done * 1_000_000_000, 1L << 40);
                        }
                    } catch (InterruptedException testIsOver) {
                        Thread.currentThread().interrupt();
                    }
                    return FakeLensEngine.named(model);
                })
                .load(LoadPolicy.ON_DEMAND)
                .inProcess(far)
                .build();
        downloading.start();
        ManagedChannel toFar = InProcessChannelBuilder.forName(far).build();
        try {
            Iterator<AnalyzeResponse> events = LensServiceGrpc.newBlockingStub(toFar)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .analyze(AnalyzeRequest.newBuilder()
                            .setPrompt(Prompts.text("x"))
                            .build());
            AnalyzeResponse event = events.next();
            while (event.getEvents(0).getProgress().getDone() == 0) {
                event = events.next();
            }
            assertEquals(Phase.PHASE_DOWNLOAD, event.getEvents(0).getProgress().getPhase());
            assertEquals(1L << 40, event.getEvents(0).getProgress().getTotal());
            mayLoad.countDown();
            while (events.hasNext()) {
                event = events.next();
            }
            assertTrue(event.getEvents(event.getEventsCount() - 1).hasSummary());
        } finally {
            toFar.shutdownNow();
            downloading.stop();
        }
    }

    private void await() {
        try {
            mayLoad.await();
        } catch (InterruptedException testIsOver) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ModelState> states() {
        return ModelServiceGrpc.newBlockingStub(channel)
                .listModels(ListModelsRequest.getDefaultInstance())
                .getModelsList()
                .stream()
                .map(ModelStatus::getState)
                .toList();
    }

    private ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }
}
