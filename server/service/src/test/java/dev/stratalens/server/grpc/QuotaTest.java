package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.RetryInfo;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Callers;
import dev.stratalens.server.access.Quota;
import dev.stratalens.server.grpc.access.CurrentCaller;
import dev.stratalens.server.grpc.status.FailureStatus;
import dev.stratalens.server.grpc.stream.Compression;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.quota.Quotas;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.ManualClock;
import dev.stratalens.server.scheduling.SchedulerLimits;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.BatchEvents;
import dev.stratalens.v1.EffectOptions;
import dev.stratalens.v1.Intervention;
import dev.stratalens.v1.InterventionRows;
import dev.stratalens.v1.KlFromUnchanged;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.Metric;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Progress;
import dev.stratalens.v1.Prompt;
import dev.stratalens.v1.QuotaExceeded;
import dev.stratalens.v1.QuotaLimit;
import dev.stratalens.v1.ReplaceFrom;
import dev.stratalens.v1.SetRow;
import dev.stratalens.v1.Site;
import dev.stratalens.v1.SweepRequest;
import dev.stratalens.v1.TokenIds;
import dev.stratalens.v1.TokenizeRequest;
import dev.stratalens.v1.ZeroRow;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limits of callers, who give their names in a header, as they get to know them; by a clock that stands still. */
@Timeout(60)
final class QuotaTest {

    private static final Metadata.Key<String> NAME = Metadata.Key.of("caller", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> PUSHBACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private final Map<String, Quota> quotas = new ConcurrentHashMap<>();
    private final ManualClock clock = new ManualClock();
    private final BlockingQueue<Runnable> alarms = new LinkedBlockingQueue<>();
    private final FakeLensEngine engine = FakeLensEngine.named("m");
    private final ModelRegistry registry = new ModelRegistry(List.of("m"), (name, listener) -> engine);
    private final ComputeThread compute = new ComputeThread();
    private final LensScheduler scheduler =
            new LensScheduler(registry, new SchedulerLimits(4, 1 << 30, 256), compute, Runnable::run);
    private final ThreadPoolExecutor texts =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final String address = UUID.randomUUID().toString();
    private final ManagedChannel channel =
            InProcessChannelBuilder.forName(address).build();
    private Server server;

    /** Takes the caller's word for its name. */
    private final class Naming implements ServerInterceptor {

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            String name = String.valueOf(headers.get(NAME));
            Caller caller = Callers.with(name, quotas.getOrDefault(name, Quota.UNLIMITED));
            return Contexts.interceptCall(CurrentCaller.with(caller, Context.current()), call, headers, next);
        }
    }

    @BeforeEach
    void start() throws Exception {
        FailureStatus failures = new FailureStatus();
        Streams streams = new Streams(RunningServer.LIMITS, Compression.NONE, failures, clock);
        Quotas usage = new Quotas((nanos, work) -> alarms.add(work), clock);
        LensGrpcService service = new LensGrpcService(registry, scheduler, usage, failures, streams, 8);
        ModelGrpcService models = new ModelGrpcService(
                registry, failures, ModelManagement.REFUSED, new TextCalls(texts, 4, usage, streams), streams, timer);
        server = InProcessServerBuilder.forName(address)
                .intercept(new Naming())
                .addService(service)
                .addService(models)
                .build()
                .start();
        registry.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        channel.shutdownNow();
        scheduler.refuseRequests();
        scheduler.stopRequests();
        assertTrue(scheduler.awaitIdle(Duration.ofSeconds(20)));
        server.shutdownNow();
        texts.shutdownNow();
        callers.shutdownNow();
        timer.shutdownNow();
        compute.close();
        registry.close();
    }

    @Test
    void aRefusalSaysWhichLimitAndWhenToComeAgainAndIsNoAnswer() throws Exception {
        quotas.put("ada", Callers.quota(2, 0, 0, 0, 1));
        analyze("ada", 3);
        analyze("ada", 3);

        StatusRuntimeException refusal = refused("ada", 3);

        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_REQUESTS_PER_MINUTE, 2), detailOf(refusal));
        assertEquals(
                30,
                StatusProto.fromThrowable(refusal)
                        .getDetails(2)
                        .unpack(RetryInfo.class)
                        .getRetryDelay()
                        .getSeconds());
        assertEquals("30000", refusal.getTrailers().get(PUSHBACK));
        assertTrue(String.valueOf(refusal.getMessage()).contains("2 requests a minute"), refusal.getMessage());
        analyze("bob", 3);
        clock.advance(Duration.ofSeconds(30).toNanos());
        analyze("ada", 3);
    }

    @Test
    void whatALimitNeverAllowsIsNotToBeTriedAgain() throws Exception {
        quotas.put("ada", Callers.sized(4, 100));

        StatusRuntimeException refusal = refused("ada", 5);

        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_PROMPT_TOKENS, 4), detailOf(refusal));
        assertEquals("-1", refusal.getTrailers().get(PUSHBACK));
        assertEquals(2, StatusProto.fromThrowable(refusal).getDetailsCount());
    }

    @Test
    void tokensAreChargedByTheNumberThatTheModelReads() throws Exception {
        quotas.put("ada", Callers.quota(0, 10, 0, 0, 1));
        analyze("ada", 6);

        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_TOKENS_PER_MINUTE, 10), detailOf(refused("ada", 6)));
        analyze("ada", 4);
    }

    /** A prompt of two tokens that is also computed without changes, and a source of three; a sweep of two tokens in six blocks. */
    @Test
    void sourcesAndTheCellsOfASweepAreCharged() throws Exception {
        quotas.put("ada", Callers.sized(6, 11));
        Intervention patch = Intervention.newBuilder()
                .setRows(InterventionRows.newBuilder().setSite(Site.SITE_BLOCK_OUTPUT))
                .setReplaceFrom(ReplaceFrom.newBuilder().setSource(request(3).getPrompt()))
                .build();
        Intervention zero = Intervention.newBuilder()
                .setRows(InterventionRows.newBuilder().setSite(Site.SITE_BLOCK_OUTPUT))
                .setSet(SetRow.newBuilder().setZero(ZeroRow.getDefaultInstance()))
                .build();
        LensServiceGrpc.LensServiceBlockingStub lens = LensServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(named("ada")))
                .withDeadlineAfter(20, TimeUnit.SECONDS);

        StatusRuntimeException patched = assertThrows(
                StatusRuntimeException.class,
                () -> lens.analyze(request(2).toBuilder()
                                .addInterventions(patch)
                                .setEffect(EffectOptions.getDefaultInstance())
                                .build())
                        .hasNext());
        StatusRuntimeException swept = assertThrows(
                StatusRuntimeException.class,
                () -> lens.sweep(SweepRequest.newBuilder()
                                .setPrompt(request(2).getPrompt())
                                .setIntervention(zero)
                                .setMetric(Metric.newBuilder().setKlFromUnchanged(KlFromUnchanged.getDefaultInstance()))
                                .build())
                        .hasNext());

        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_PROMPT_TOKENS, 6), detailOf(patched));
        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_ANSWER_CELLS, 11), detailOf(swept));
    }

    @Test
    void promptsInFlightAreThoseOfAllConnectionsAndACanceledOneIsNone() throws Exception {
        quotas.put("ada", Callers.quota(0, 0, 1, 0, 1));
        Pause pause = engine.pauseRuns();
        ReadingClient running = ReadingClient.call(stub("ada"), request(3)).readAll();
        pause.awaitReached();

        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_IN_FLIGHT, 1), detailOf(refused("ada", 3)));
        engine.pauseNoMore();
        pause.resume();
        assertEquals(Code.OK, running.awaitStatus().getCode());
        analyze("ada", 3);
    }

    @Test
    void newLimitsHoldFromTheNextCallOn() {
        quotas.put("ada", Callers.quota(1, 0, 0, 0, 1));
        analyze("ada", 3);
        refused("ada", 3);

        quotas.put("ada", Quota.UNLIMITED);
        analyze("ada", 3);

        quotas.put("ada", Callers.sized(2, 100));
        refused("ada", 3);
    }

    @Test
    void aTextThatIsOnlyReadIsARequest() throws Exception {
        quotas.put("ada", Callers.quota(3, 0, 1, 0, 1));
        tokenize("ada").get(20, TimeUnit.SECONDS);
        tokenize("ada").get(20, TimeUnit.SECONDS);
        analyze("ada", 3);

        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_REQUESTS_PER_MINUTE, 3), detailOf(refusal(tokenize("ada"))));
        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_REQUESTS_PER_MINUTE, 3), detailOf(refused("ada", 3)));
    }

    @Test
    void noCallerTakesAllPlacesOfTextsThatAreOnlyRead() throws Exception {
        quotas.put("ada", Callers.quota(0, 0, 0, 0.5, 1));
        CountDownLatch mayRead = new CountDownLatch(1);
        texts.execute(() -> awaitQuietly(mayRead));
        List<Future<?>> taken = List.of(tokenize("ada"), tokenize("ada"));
        awaitWaitingTexts(2);

        StatusRuntimeException refusal = refusal(tokenize("ada"));

        assertEquals(detail(QuotaLimit.QUOTA_LIMIT_QUEUE_SHARE, 2), detailOf(refusal));
        assertEquals("1000", refusal.getTrailers().get(PUSHBACK));
        Future<?> ofBob = tokenize("bob");
        awaitWaitingTexts(3);
        mayRead.countDown();
        ofBob.get(20, TimeUnit.SECONDS);
        for (Future<?> call : taken) {
            call.get(20, TimeUnit.SECONDS);
        }
        tokenize("ada").get(20, TimeUnit.SECONDS);
    }

    /** A call of Tokenize on a thread of its own, to its end. */
    private Future<?> tokenize(String caller) {
        return callers.submit(() -> ModelServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(named(caller)))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .tokenize(TokenizeRequest.newBuilder()
                        .setPrompt(Prompts.text("x"))
                        .build())
                .forEachRemaining(response -> {}));
    }

    private static StatusRuntimeException refusal(Future<?> call) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> call.get(20, TimeUnit.SECONDS));
        return assertInstanceOf(StatusRuntimeException.class, failure.getCause());
    }

    private void awaitWaitingTexts(int count) {
        while (texts.getQueue().size() < count) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aBatchIsSlowedAndNoneOfItsPromptsFails() throws InterruptedException {
        quotas.put("ada", Callers.quota(4, 0, 0, 0, 1));
        BatchClient batch =
                BatchClient.open(stub("ada")).readAll().sendMany(10, request(3)).halfClose();

        // Three begin at once, as a quarter is left to single calls. Each of the others waits for a quarter of a
        // minute.
        for (int i = 3; i < 10; i++) {
            Runnable alarm = alarms.poll(20, TimeUnit.SECONDS);
            assertEquals(0, batch.failedTags().size());
            clock.advance(Duration.ofSeconds(15).toNanos());
            alarm.run();
        }

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(10, batch.completeCount());
        assertEquals(10, engine.plannedRequests());
    }

    @Test
    void aBatchThatWaitsSaysSoEverySecond() throws InterruptedException {
        quotas.put("ada", Callers.quota(4, 0, 0, 0, 1));
        BatchClient batch = BatchClient.open(stub("ada")).readAll().sendMany(4, request(3));
        for (int begun = 0; begun < 3; begun++) {
            batch.awaitSummary();
        }

        for (int second = 0; second < 3; second++) {
            Runnable alarm = alarms.poll(20, TimeUnit.SECONDS);
            clock.advance(Duration.ofSeconds(1).toNanos());
            alarm.run();

            BatchEvents said = batch.next().getEvents();
            assertEquals(3, said.getTag());
            assertEquals(
                    Progress.newBuilder().setPhase(Phase.PHASE_QUEUED).build(),
                    said.getEvents(0).getProgress());
        }
        clock.advance(Duration.ofSeconds(15).toNanos());
        alarms.remove().run();
        batch.awaitSummary();
    }

    @Test
    void aBatchThatWaitsLeavesRoomForSingleCallsAndEndsWithItsCall() throws InterruptedException {
        quotas.put("ada", Callers.quota(4, 0, 0, 0, 1));
        BatchClient batch = BatchClient.open(stub("ada")).readAll().sendMany(10, request(3));
        Runnable alarm = alarms.poll(20, TimeUnit.SECONDS);

        analyze("ada", 3);
        refused("ada", 3);

        batch.cancel();
        assertEquals(Code.CANCELLED, batch.awaitStatus().getCode());
        clock.advance(Duration.ofMinutes(1).toNanos());
        alarm.run();
        assertTrue(engine.plannedRequests() <= 4, "planned: " + engine.plannedRequests());
    }

    @Test
    void aPromptOfABatchThatIsTooBigFailsAlone() throws Exception {
        quotas.put("ada", Callers.sized(4, 100));
        BatchClient batch = BatchClient.open(stub("ada"))
                .readAll()
                .send(0, request(3))
                .send(1, request(5))
                .send(2, request(4))
                .halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(2, batch.completeCount());
        assertEquals(
                detail(QuotaLimit.QUOTA_LIMIT_PROMPT_TOKENS, 4),
                batch.error(1).getDetails(1).unpack(QuotaExceeded.class));
    }

    @Test
    void aBatchOfOneCallerDoesNotDelayAnother() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        BatchClient batch = BatchClient.open(stub("ada"))
                .readAll()
                .sendMany(100, request(12))
                .halfClose();
        pause.awaitReached();
        ReadingClient single = ReadingClient.call(stub("bob"), request(11)).readAll();
        assertTrue(single.next().hasProgress());
        engine.pauseNoMore();

        pause.resume();

        assertEquals(Code.OK, single.awaitStatus().getCode());
        int pass = passWith(11);
        assertTrue(pass <= 1, engine.passes().toString());
        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(100, batch.completeCount());
    }

    private int passWith(int tokens) {
        List<List<Integer>> passes = new ArrayList<>(engine.passes());
        for (int i = 0; i < passes.size(); i++) {
            if (passes.get(i).contains(tokens)) {
                return i;
            }
        }
        throw new AssertionError("none of " + passes);
    }

    private LensServiceGrpc.LensServiceStub stub(String caller) {
        return LensServiceGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(named(caller)));
    }

    private List<AnalyzeResponse> analyze(String caller, int tokens) {
        List<AnalyzeResponse> answer = new ArrayList<>();
        LensServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(named(caller)))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .analyze(request(tokens))
                .forEachRemaining(answer::add);
        return answer;
    }

    private StatusRuntimeException refused(String caller, int tokens) {
        StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, () -> analyze(caller, tokens));
        assertEquals(Code.RESOURCE_EXHAUSTED, refusal.getStatus().getCode());
        return refusal;
    }

    private static Metadata named(String caller) {
        Metadata headers = new Metadata();
        headers.put(NAME, caller);
        return headers;
    }

    private static AnalyzeRequest request(int tokens) {
        return AnalyzeRequest.newBuilder()
                .setPrompt(Prompt.newBuilder()
                        .setTokenIds(TokenIds.newBuilder().addAllIds(Collections.nCopies(tokens, 1))))
                .build();
    }

    private static QuotaExceeded detail(QuotaLimit limit, long value) {
        return QuotaExceeded.newBuilder().setLimit(limit).setValue(value).build();
    }

    private static QuotaExceeded detailOf(StatusRuntimeException refusal) throws Exception {
        return StatusProto.fromThrowable(refusal).getDetails(1).unpack(QuotaExceeded.class);
    }
}
