package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.server.LensServer;
import dev.stratalens.server.grpc.stream.ProgressThrottle;
import dev.stratalens.server.models.LoadPolicy;
import dev.stratalens.server.models.ModelLoadListener;
import dev.stratalens.server.models.ModelManagement;
import dev.stratalens.server.scheduling.ManualClock;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.LensServiceGrpc.LensServiceStub;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.LoadModelResponse;
import dev.stratalens.v1.ModelServiceGrpc;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Progress;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** By a clock in which each step takes as long as the pause between two progress events, each step of a call is heard of. */
@Timeout(60)
final class NeverSilentTest {

    private static final long STEP = Duration.ofSeconds(1).toNanos() / ProgressThrottle.PER_SECOND;
    /** A block each, and the rows of the head. */
    private static final int STEPS = FakeModel.BLOCKS + 1;

    private static final int LONG = 40;
    private static final int SHORT = 5;
    private static final int LOADING_STEPS = 7;

    private final ManualClock clock = new ManualClock();
    private final SteppingEngine a = new SteppingEngine("a");
    private final SteppingEngine b = new SteppingEngine("b");
    private final CountDownLatch mayLoad = new CountDownLatch(1);
    /** Readers who are slower than the steps hear the last of several. */
    private volatile IntConsumer afterStep = step -> {};

    private final String name = UUID.randomUUID().toString();
    private final LensServer server = LensServer.builder(List.of("a", "b"), this::load)
            .load(LoadPolicy.ON_DEMAND)
            .management(ModelManagement.ALLOWED)
            .streamsClock(clock)
            .inProcess(name)
            .build();
    private final ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
    private final LensServiceStub lens = LensServiceGrpc.newStub(channel);

    private LensEngine load(String model, ModelLoadListener listener) {
        if (model.equals("b")) {
            return b;
        }
        try {
            assertTrue(mayLoad.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        for (int done = 1; done <= LOADING_STEPS; done++) {
            clock.advance(STEP);
            listener.loaded(done, LOADING_STEPS);
            afterStep.accept(done);
        }
        return a;
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
    void aCallHearsOfEachBlock() throws InterruptedException {
        mayLoad.countDown();
        ReadingClient call = call("a", LONG).readAll();

        assertEquals(Code.OK, call.awaitStatus().getCode());
        assertEquals(
                FakeModel.BLOCKS, progress(call.events(), Phase.PHASE_FORWARD).size());
    }

    @Test
    void aPromptOfABatchHearsOfEachBlock() throws InterruptedException {
        mayLoad.countDown();
        load("a");
        BatchClient batch =
                BatchClient.open(lens).readAll().send(1, request("a", LONG)).halfClose();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(STEPS, batch.events(1).stream().filter(Event::hasProgress).count());
    }

    @Test
    void aBatchHearsOfEachBlockOnceHoweverManyPromptsItIsComputedFor() throws InterruptedException {
        load("b");
        Pause pause = b.fake.pauseRuns();
        ReadingClient first = call("b", LONG).readAll();
        pause.awaitReached();
        BatchClient batch = BatchClient.open(lens).readAll();
        int prompts = 8;
        batch.sendMany(prompts, request("b", LONG)).halfClose();
        while (b.fake.plannedRequests() < 1 + prompts) {
            Thread.onSpinWait();
        }
        pause.resume();

        assertEquals(Code.OK, batch.awaitStatus().getCode());
        assertEquals(Code.OK, first.awaitStatus().getCode());
        long heard = 0;
        for (long tag = 0; tag < prompts; tag++) {
            heard += batch.events(tag).stream().filter(Event::hasProgress).count();
        }
        int passes = b.fake.passes().size() - 1;
        assertTrue(passes < prompts, b.fake.passes().toString());
        assertTrue(heard >= (long) passes * STEPS, "heard " + heard);
        assertTrue(heard <= 1 + clock.getAsLong() / STEP, "heard " + heard);
    }

    @Test
    void aLongCallHearsOfEachStepOfAShortOneWithinIt() throws InterruptedException {
        mayLoad.countDown();
        load("a");
        load("b");
        Pause pause = a.fake.pauseRuns();
        ReadingClient longCall = call("a", LONG).readAll();
        pause.awaitReached();
        a.fake.pauseNoMore();
        ReadingClient within = call("b", SHORT).readAll();
        // What is planned is in line only when the thread that planned it has left the queue.
        while (b.fake.plannedRequests() == 0 || isSomethingPlanned()) {
            Thread.onSpinWait();
        }

        pause.resume();

        assertEquals(Code.OK, longCall.awaitStatus().getCode());
        assertEquals(Code.OK, within.awaitStatus().getCode());
        assertEquals(
                1 + STEPS,
                progress(longCall.events(), Phase.PHASE_FORWARD).stream()
                        .filter(event -> event.getDone() == 1)
                        .count(),
                "says again how far it is");
    }

    private static boolean isSomethingPlanned() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().matches("stratalens-(call|read)"))
                .flatMap(thread -> Stream.of(thread.getValue()))
                .anyMatch(frame -> frame.getClassName().startsWith("dev.stratalens.server.scheduling."));
    }

    @Test
    void whoeverWaitsForAModelHearsOfEachStepOfAnotherThatIsLoadedFirst() throws InterruptedException {
        ReadingClient first = call("a", SHORT).readAll();
        assertEquals(Phase.PHASE_DOWNLOAD, first.next().getProgress().getPhase());
        Iterator<LoadModelResponse> loading = loadModel("b");
        List<Progress> heard = new CopyOnWriteArrayList<>(List.of(loading.next().getProgress()));
        ReadingClient waiting = call("b", SHORT).readAll();
        assertEquals(Phase.PHASE_QUEUED, waiting.next().getProgress().getPhase());
        afterStep = step -> {
            while (heard.size() <= step
                    || progress(waiting.events(), Phase.PHASE_QUEUED).size() <= step) {
                Thread.onSpinWait();
            }
        };

        mayLoad.countDown();

        LoadModelResponse last = LoadModelResponse.getDefaultInstance();
        while (loading.hasNext()) {
            last = loading.next();
            heard.add(last.getProgress());
        }
        assertTrue(last.hasModel());
        assertEquals(
                LOADING_STEPS + 1,
                heard.stream()
                        .filter(Progress.newBuilder()
                                .setPhase(Phase.PHASE_QUEUED)
                                .setTotal(1)
                                .build()::equals)
                        .count());
        assertEquals(Code.OK, waiting.awaitStatus().getCode());
        assertTrue(progress(waiting.events(), Phase.PHASE_QUEUED).size() > LOADING_STEPS);
        assertEquals(Code.OK, first.awaitStatus().getCode());
    }

    private static List<Progress> progress(List<Event> events, Phase phase) {
        return events.stream()
                .map(Event::getProgress)
                .filter(progress -> progress.getPhase() == phase)
                .toList();
    }

    private void load(String model) {
        loadModel(model).forEachRemaining(event -> {});
    }

    private Iterator<LoadModelResponse> loadModel(String model) {
        return ModelServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .loadModel(LoadModelRequest.newBuilder().setModel(model).build());
    }

    private ReadingClient call(String model, int tokens) {
        return ReadingClient.call(lens, request(model, tokens));
    }

    private static AnalyzeRequest request(String model, int tokens) {
        return AnalyzeRequest.newBuilder()
                .setModel(model)
                .setPrompt(Prompts.ids(Collections.nCopies(tokens, 0)))
                .build();
    }

    /** Each of its steps takes the same time. */
    private final class SteppingEngine implements LensEngine {

        private final FakeLensEngine fake;

        SteppingEngine(String name) {
            fake = FakeLensEngine.named(name);
        }

        @Override
        public void run(List<WantedPlan> plans, Interlude interlude) {
            fake.run(plans, () -> {
                clock.advance(STEP);
                interlude.take();
            });
        }

        @Override
        public ModelDescription description() {
            return fake.description();
        }

        @Override
        public Tokenizer tokenizer() {
            return fake.tokenizer();
        }

        @Override
        public long memoryNeed(LensPlan plan) {
            return fake.memoryNeed(plan);
        }

        @Override
        public void close() {
            fake.close();
        }
    }
}
