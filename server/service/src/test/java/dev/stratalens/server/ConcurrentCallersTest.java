package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.lens.result.WantedPlan;
import dev.stratalens.engine.model.ModelDescription;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.server.grpc.Prompts;
import dev.stratalens.server.models.CheckpointLoader;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.NumberForm;
import dev.stratalens.v1.Statistic;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several callers of one real model: what they get is what each would get alone. */
final class ConcurrentCallersTest {

    private static final int CALLERS = 8;
    private static final float TOLERANCE = 1e-4f;
    private static final String NAME = "concurrent-callers";

    private static final HeldEngine ENGINE = new HeldEngine(new CheckpointLoader(
                    Map.of("demo", Path.of("..", "..", "models", "demo")),
                    new CheckpointLoader.Options(Precision.FLOAT32, 64 << 20, 2))
            .load("demo", (done, total) -> {}));
    private static final LensServer SERVER = LensServer.builder(List.of("demo"), (name, listener) -> ENGINE)
            .inProcess(NAME)
            .build();
    private static final ManagedChannel CHANNEL =
            InProcessChannelBuilder.forName(NAME).build();
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(CALLERS + 1);

    @BeforeAll
    static void start() throws Exception {
        SERVER.start();
    }

    @AfterAll
    static void stop() {
        THREADS.shutdown();
        CHANNEL.shutdownNow();
        SERVER.stop();
    }

    @Test
    void getEqualResultsInOnePassAndAlone() {
        List<AnalyzeRequest> requests = prompts(CALLERS);
        List<List<CellChunk>> alone =
                requests.stream().map(ConcurrentCallersTest::layers).toList();
        ENGINE.holdUntilAdmitted(1 + CALLERS);
        CompletableFuture<List<CellChunk>> first = call(requests.get(0));
        ENGINE.awaitPass();

        List<CompletableFuture<List<CellChunk>>> together =
                requests.stream().map(ConcurrentCallersTest::call).toList();

        assertClose(alone.get(0), first.join());
        for (int i = 0; i < CALLERS; i++) {
            assertClose(alone.get(i), together.get(i).join());
        }
        assertEquals(
                CALLERS + 1,
                ENGINE.passesSinceHeld().stream().mapToInt(Integer::intValue).sum());
        // The last one may be on its way into the queue when the first pass is let go.
        int largest = ENGINE.passesSinceHeld().stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        assertTrue(largest >= CALLERS - 1, "those who waited were in one pass");
    }

    @Test
    void getEqualResultsWithinALongPassAndAlone() {
        AnalyzeRequest longRequest = request(String.join(
                " and", IntStream.range(0, 120).mapToObj(i -> " then").toList()));
        List<AnalyzeRequest> requests = prompts(3);
        List<CellChunk> longAlone = layers(longRequest);
        List<List<CellChunk>> alone =
                requests.stream().map(ConcurrentCallersTest::layers).toList();
        ENGINE.holdUntilAdmitted(4);
        CompletableFuture<List<CellChunk>> around = call(longRequest);
        ENGINE.awaitPass();

        List<CompletableFuture<List<CellChunk>>> within =
                requests.stream().map(ConcurrentCallersTest::call).toList();

        assertClose(longAlone, around.join());
        for (int i = 0; i < requests.size(); i++) {
            assertClose(alone.get(i), within.get(i).join());
        }
    }

    private static List<AnalyzeRequest> prompts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> request("The capital of France is Paris, and".substring(0, 5 + 4 * i % 30)))
                .toList();
    }

    private static AnalyzeRequest request(String text) {
        return AnalyzeRequest.newBuilder()
                .setPrompt(Prompts.text(text))
                .setNumberForm(NumberForm.NUMBER_FORM_FLOAT32)
                .addStatistics(Statistic.STATISTIC_LOG_SUM_EXP)
                .addStatistics(Statistic.STATISTIC_ENTROPY)
                .addStatistics(Statistic.STATISTIC_KL_FROM_FINAL)
                .addStatistics(Statistic.STATISTIC_KL_FROM_NEXT)
                .build();
    }

    private static CompletableFuture<List<CellChunk>> call(AnalyzeRequest request) {
        return CompletableFuture.supplyAsync(() -> layers(request), THREADS);
    }

    private static List<CellChunk> layers(AnalyzeRequest request) {
        List<CellChunk> layers = new ArrayList<>();
        LensServiceGrpc.newBlockingStub(CHANNEL)
                .withDeadlineAfter(60, TimeUnit.SECONDS)
                .analyze(request)
                .forEachRemaining(message -> message.getEventsList().stream()
                        .filter(Event::hasCellChunk)
                        .forEach(event -> layers.add(event.getCellChunk())));
        return layers;
    }

    private static void assertClose(List<CellChunk> expected, List<CellChunk> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).getTokenRefsList(), actual.get(i).getTokenRefsList());
            assertEquals(expected.get(i).getTokenIdsList(), actual.get(i).getTokenIdsList());
            for (Function<CellChunk, List<Float>> values : List.<Function<CellChunk, List<Float>>>of(
                    CellChunk::getLogProbsList, CellChunk::getColumnValuesList)) {
                assertArrayEquals(
                        floats(values.apply(expected.get(i))), floats(values.apply(actual.get(i))), TOLERANCE);
            }
        }
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    /** A real engine whose next pass can be held until so many requests have come. */
    private static final class HeldEngine implements LensEngine {

        private final LensEngine engine;
        private final List<Integer> passes = new CopyOnWriteArrayList<>();
        private volatile CountDownLatch begun = new CountDownLatch(0);
        private volatile CountDownLatch admitted = new CountDownLatch(0);

        HeldEngine(LensEngine engine) {
            this.engine = engine;
        }

        void holdUntilAdmitted(int requests) {
            passes.clear();
            begun = new CountDownLatch(1);
            admitted = new CountDownLatch(requests);
        }

        void awaitPass() {
            assertTrue(Uninterruptibles.awaitUninterruptibly(begun, 20, TimeUnit.SECONDS), "no pass began");
        }

        /** How many prompts were in each. */
        List<Integer> passesSinceHeld() {
            return passes;
        }

        @Override
        public ModelDescription description() {
            return engine.description();
        }

        @Override
        public Tokenizer tokenizer() {
            return engine.tokenizer();
        }

        @Override
        public long memoryNeed(LensPlan plan) {
            admitted.countDown();
            return engine.memoryNeed(plan);
        }

        @Override
        public void run(List<WantedPlan> plans, Interlude interlude) {
            passes.add(plans.size());
            begun.countDown();
            assertTrue(
                    Uninterruptibles.awaitUninterruptibly(admitted, 20, TimeUnit.SECONDS), "the requests did not come");
            engine.run(plans, interlude);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
