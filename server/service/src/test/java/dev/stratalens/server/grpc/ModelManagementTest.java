package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelLoadListener;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.scheduling.GrantedLimits;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.GetModelRequest;
import dev.stratalens.v1.InvalidCheckpoint;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.ListModelsRequest;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.LoadModelResponse;
import dev.stratalens.v1.ManagementDisabled;
import dev.stratalens.v1.ModelInUse;
import dev.stratalens.v1.ModelMemoryExceeded;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.ModelServiceGrpc.ModelServiceBlockingStub;
import dev.stratalens.v1.ModelState;
import dev.stratalens.v1.ModelStatus;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.UnknownModel;
import dev.stratalens.v1.UnloadModelRequest;
import dev.stratalens.v1.UnloadModelResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Loading and unloading as callers see it: 100 bytes for models of 60 each, and one of 101. */
@Timeout(60)
class ModelManagementTest {

    private static final long BUDGET = 100;

    private final String name = UUID.randomUUID().toString();
    private final List<String> loaded = new CopyOnWriteArrayList<>();
    private final CountDownLatch downloadSeen = new CountDownLatch(1);
    private final Map<String, FakeLensEngine> engines = new ConcurrentHashMap<>();
    private final LensServer server = LensServer.builder(List.of("a", "b", "broken", "huge", "watched"), this::load)
            .load(LoadPolicy.ON_DEMAND)
            .limits(limits())
            .management(ModelManagement.ALLOWED)
            .inProcess(name)
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();

    private static GrantedLimits limits() {
        GrantedLimits limits = GrantedLimits.defaults();
        return new GrantedLimits(
                BUDGET,
                limits.maxRequestBytes(),
                limits.queueCapacity(),
                limits.batchWindow(),
                limits.outboundBufferBytes(),
                limits.slowReaderTimeout(),
                limits.gracePeriod());
    }

    private FakeLensEngine load(String model, ModelLoadListener listener) {
        loaded.add(model);
        listener.downloaded(5, 10);
        if (model.equals("watched")) {
            awaitWatcher();
        }
        listener.needs(model.equals("huge") ? 101 : 60);
        if (model.equals("broken")) {
            throw new InvalidCheckpointException(
                    Problem.TRUNCATED, "model.safetensors", List.of(), "model.safetensors ends early.");
        }
        listener.loaded(2, 2);
        FakeLensEngine engine = FakeLensEngine.named(model);
        engines.put(model, engine);
        return engine;
    }

    private void awaitWatcher() {
        try {
            assertTrue(downloadSeen.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

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
    void loadingIsFollowedUntilTheModelIsReady() {
        Iterator<LoadModelResponse> stream = models().loadModel(
                        LoadModelRequest.newBuilder().setModel("watched").build());
        List<LoadModelResponse> events = new ArrayList<>();
        while (stream.hasNext()) {
            LoadModelResponse event = stream.next();
            events.add(event);
            if (event.getProgress().getPhase() == Phase.PHASE_DOWNLOAD) {
                downloadSeen.countDown();
            }
        }

        LoadModelResponse last = events.get(events.size() - 1);
        assertEquals(0, downloadSeen.getCount());
        assertTrue(events.stream()
                .anyMatch(event -> event.getProgress().getPhase() == Phase.PHASE_LOADING
                        && event.getProgress().getDone() == 2));
        assertEquals("watched", last.getModel().getName());
        assertEquals(ModelState.MODEL_STATE_READY, last.getModel().getState());
        assertEquals(60, last.getModel().getMemory(0).getBytes());
        assertTrue(last.getModel().hasDescription() && last.getModel().hasUnusedFor());
    }

    @Test
    void aModelThatIsLoadedIsAnsweredAtOnce() {
        loadModel("a");

        assertEquals(1, loadModel("a").size());
        assertEquals(List.of("a"), loaded);
    }

    @Test
    void aModelThatIsUnloadedTakesNoMemoryAndServesOn() {
        loadModel("a");

        assertEquals(60, unloadModel("a", 0).getFreed(0).getBytes());

        assertEquals(ModelState.MODEL_STATE_NOT_LOADED, status("a").getState());
        assertEquals(0, status("a").getMemoryCount());
        assertTrue(engine("a").isClosed());
        assertEquals(ServingStatus.SERVING, health("a"));
        assertEquals(0, unloadModel("a", 0).getFreedCount());
        assertTrue(analyze("a").hasSummary());
        assertEquals(List.of("a", "a"), loaded);
    }

    @Test
    void onlyModelsOfTheConfigurationCanBeNamed() throws Exception {
        for (String unknown : List.of("c", "/models/c", "hf:org/c")) {
            UnknownModel detail = refusal(Code.NOT_FOUND, UnknownModel.class, () -> loadModel(unknown));
            assertEquals(List.of("a", "b", "broken", "huge", "watched"), detail.getServedList());
            refusal(Code.NOT_FOUND, UnknownModel.class, () -> unloadModel(unknown, 0));
        }
        assertEquals(
                "model",
                refusal(Code.INVALID_ARGUMENT, InvalidField.class, () -> loadModel(""))
                        .getField());
    }

    @Test
    void aBrokenCheckpointIsReadAgainForEachLoadButNotForEachRequest() throws Exception {
        assertEquals(
                "model.safetensors",
                refusal(Code.FAILED_PRECONDITION, InvalidCheckpoint.class, () -> loadModel("broken"))
                        .getFile());
        refusal(Code.FAILED_PRECONDITION, InvalidCheckpoint.class, () -> analyze("broken"));
        refusal(Code.FAILED_PRECONDITION, InvalidCheckpoint.class, () -> analyze("broken"));
        assertEquals(List.of("broken"), loaded);
        assertEquals(ServingStatus.NOT_SERVING, health("broken"));
        assertEquals(ServingStatus.SERVING, health(""));

        refusal(Code.FAILED_PRECONDITION, InvalidCheckpoint.class, () -> loadModel("broken"));

        assertEquals(List.of("broken", "broken"), loaded);
    }

    @Test
    void theLeastRecentlyUsedMakesRoom() {
        loadModel("a");
        loadModel("b");

        assertEquals(ModelState.MODEL_STATE_NOT_LOADED, status("a").getState());
        assertEquals(ModelState.MODEL_STATE_READY, status("b").getState());
        assertEquals(
                List.of("a", "b", "broken", "huge", "watched"),
                models().listModels(ListModelsRequest.getDefaultInstance()).getModelsList().stream()
                        .map(ModelStatus::getName)
                        .toList());
    }

    @Test
    void aModelThatIsLargerThanTheBudgetIsRefusedWithTheNumbers() throws Exception {
        ModelMemoryExceeded detail = refusal(Code.RESOURCE_EXHAUSTED, ModelMemoryExceeded.class, () -> analyze("huge"));

        assertEquals("huge", detail.getModel());
        assertEquals(101, detail.getNeededBytes());
        assertEquals(BUDGET, detail.getBudgetBytes());
    }

    @Test
    void aModelInUseKeepsItsPlaceAndItsMemory() throws Exception {
        loadModel("a");
        Pause pause = engine("a").pauseRuns();
        CompletableFuture<Event> running = CompletableFuture.supplyAsync(() -> analyze("a"));
        pause.awaitReached();

        assertEquals(1, status("a").getRequestCount());
        ModelMemoryExceeded noRoom = refusal(Code.RESOURCE_EXHAUSTED, ModelMemoryExceeded.class, () -> loadModel("b"));
        assertEquals("a", noRoom.getLoaded(0).getName());
        assertEquals(60, noRoom.getLoaded(0).getMemoryBytes());
        ModelInUse inUse = refusal(Code.FAILED_PRECONDITION, ModelInUse.class, () -> unloadModel("a", 0));
        assertEquals("a", inUse.getModel());
        assertEquals(1, inUse.getRequestCount());
        assertFalse(engine("a").isClosed());

        pause.resume();
        assertTrue(running.get(20, TimeUnit.SECONDS).hasSummary());
    }

    @Test
    void unloadingWaitsForTheRequestsThatCameBeforeAndReloadsForThoseThatCameLater() throws Exception {
        loadModel("a");
        FakeLensEngine before = engine("a");
        Pause pause = before.pauseRuns();
        CompletableFuture<Event> running = CompletableFuture.supplyAsync(() -> analyze("a"));
        pause.awaitReached();
        CompletableFuture<Event> queued = CompletableFuture.supplyAsync(() -> analyze("a"));
        awaitRequests(2);

        CompletableFuture<Long> unload = CompletableFuture.supplyAsync(
                () -> unloadModel("a", 20).getFreed(0).getBytes());
        awaitState(ModelState.MODEL_STATE_UNLOADING);
        Iterator<AnalyzeResponse> later = events("a");
        assertEquals(
                Phase.PHASE_DOWNLOAD, later.next().getEvents(0).getProgress().getPhase());
        pause.resume();

        assertTrue(running.get(20, TimeUnit.SECONDS).hasSummary());
        assertTrue(queued.get(20, TimeUnit.SECONDS).hasSummary());
        assertEquals(60, unload.get(20, TimeUnit.SECONDS));
        assertTrue(before.isClosed());
        assertTrue(last(later).hasSummary());
        assertEquals(List.of("a", "a"), loaded);
        assertEquals(2, before.passes().stream().mapToInt(List::size).sum());
    }

    @Test
    void aLongerWaitThanAnHourIsRefused() throws Exception {
        InvalidField detail = refusal(Code.INVALID_ARGUMENT, InvalidField.class, () -> unloadModel("a", 3601));

        assertEquals("wait.seconds", detail.getField());
        assertEquals(3600, detail.getMaximum());
    }

    @Test
    void aServerThatSaysNothingOfItLetsNobodyManageItsModels() throws Exception {
        String other = UUID.randomUUID().toString();
        LensServer closed = LensServer.builder(List.of("a"), this::load)
                .load(LoadPolicy.ON_DEMAND)
                .inProcess(other)
                .build();
        closed.start();
        ManagedChannel toOther = InProcessChannelBuilder.forName(other).build();
        try {
            ModelServiceBlockingStub stub = ModelServiceGrpc.newBlockingStub(toOther);
            refusal(
                    Code.PERMISSION_DENIED,
                    ManagementDisabled.class,
                    () -> stub.loadModel(
                                    LoadModelRequest.newBuilder().setModel("a").build())
                            .forEachRemaining(event -> {}));
            refusal(
                    Code.PERMISSION_DENIED,
                    ManagementDisabled.class,
                    () -> stub.unloadModel(
                            UnloadModelRequest.newBuilder().setModel("a").build()));
            assertEquals(List.of(), loaded);
        } finally {
            toOther.shutdownNow();
            closed.stop();
        }
    }

    private FakeLensEngine engine(String model) {
        return Objects.requireNonNull(engines.get(model));
    }

    private ModelServiceBlockingStub models() {
        return ModelServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private List<LoadModelResponse> loadModel(String model) {
        List<LoadModelResponse> events = new ArrayList<>();
        models().loadModel(LoadModelRequest.newBuilder().setModel(model).build())
                .forEachRemaining(events::add);
        return events;
    }

    private UnloadModelResponse unloadModel(String model, long seconds) {
        return models().unloadModel(UnloadModelRequest.newBuilder()
                .setModel(model)
                .setWait(Duration.newBuilder().setSeconds(seconds))
                .build());
    }

    /** The last event of an analysis. */
    private Event analyze(String model) {
        return last(events(model));
    }

    private Iterator<AnalyzeResponse> events(String model) {
        return LensServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .analyze(AnalyzeRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(Prompts.text("x"))
                        .build());
    }

    private static Event last(Iterator<AnalyzeResponse> messages) {
        Event last = Event.getDefaultInstance();
        while (messages.hasNext()) {
            AnalyzeResponse message = messages.next();
            last = message.getEvents(message.getEventsCount() - 1);
        }
        return last;
    }

    private ModelStatus status(String model) {
        return models().getModel(GetModelRequest.newBuilder().setModel(model).build())
                .getModel();
    }

    private void awaitState(ModelState state) throws InterruptedException {
        while (status("a").getState() != state) {
            Thread.sleep(2);
        }
    }

    private void awaitRequests(int requests) throws InterruptedException {
        while (status("a").getRequestCount() != requests) {
            Thread.sleep(2);
        }
    }

    private ServingStatus health(String service) {
        return HealthGrpc.newBlockingStub(channel)
                .check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }

    private static <M extends Message> M refusal(Code code, Class<M> detail, Runnable call) throws Exception {
        StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, call::run);
        assertEquals(code, refusal.getStatus().getCode(), refusal.getMessage());
        return Objects.requireNonNull(StatusProto.fromThrowable(refusal))
                .getDetails(1)
                .unpack(detail);
    }
}
