package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.Pause;
import dev.stratalens.engine.lens.generation.RequestedGeneration;
import dev.stratalens.engine.lens.generation.RequestedGeneration.EndTokenRule;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.models.Loaded;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The passes of generations among those of others. */
final class GenerationTurnsTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    /** Of a layer at one position and of each token. */
    private static final long BYTES = FakeLensEngine.BYTES_PER_CELL;

    private final FakeLensEngine engine = FakeLensEngine.named("a");
    private final ModelRegistry registry = new ModelRegistry(List.of("a"), (name, listener) -> engine);
    private final ComputeThread compute = new ComputeThread();
    private final LensScheduler scheduler =
            new LensScheduler(registry, new SchedulerLimits(8, 30 * BYTES, 256), compute, Runnable::run);

    @BeforeEach
    void load() throws InterruptedException {
        CountDownLatch loaded = new CountDownLatch(1);
        registry.models().forEach(model -> Loaded.await(model, ready -> loaded.countDown()));
        registry.start();
        loaded.await();
    }

    @AfterEach
    void stop() throws InterruptedException {
        scheduler.refuseRequests();
        scheduler.stopRequests();
        assertTrue(scheduler.awaitIdle(LONG));
        compute.close();
        registry.close();
    }

    @Test
    void eachTokenIsAPassAndTheListenerHearsThemInOrder() throws InterruptedException {
        RecordingListener text = new RecordingListener();
        generate(2, 3, text);

        assertInstanceOf(LensOutcome.class, text.awaitOutcome());
        assertEquals(
                List.of(
                        "queued 0",
                        "started",
                        "token 2",
                        "token 3",
                        "token 4, last",
                        "MAX_TOKENS after 3",
                        "completed"),
                text.heard());
        assertEquals(List.of(List.of(2), List.of(1), List.of(1), List.of(1)), engine.passes());
    }

    @Test
    void anAnalysisGoesAlongWithTheNextTokens() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        RecordingListener text = new RecordingListener();
        RecordingListener analysis = new RecordingListener();
        generate(2, 4, text);
        pause.awaitReached();
        scheduler.submit(registry.find("a", "model"), new QueuedRequest(prompt(3), analysis));
        engine.pauseNoMore();
        pause.resume();

        assertInstanceOf(LensOutcome.class, analysis.awaitOutcome());
        assertInstanceOf(LensOutcome.class, text.awaitOutcome());
        // The analysis waited when the first token came, so it has its turn first.
        assertEquals(
                List.of(List.of(2), List.of(3, 1), List.of(1)), engine.passes().subList(0, 3));
    }

    @Test
    void generationsShareTheirPasses() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        RecordingListener first = new RecordingListener();
        RecordingListener second = new RecordingListener();
        generate(1, 2, first);
        pause.awaitReached();
        generate(2, 2, second);
        engine.pauseNoMore();
        pause.resume();

        assertInstanceOf(LensOutcome.class, first.awaitOutcome());
        assertInstanceOf(LensOutcome.class, second.awaitOutcome());
        assertEquals(List.of(List.of(1), List.of(2, 1), List.of(1, 1), List.of(1)), engine.passes());
    }

    @Test
    void oneThatDoesNotFitBesideOthersBeginsOnceTheyHaveEndedAndIsNotOvertaken() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        RecordingListener first = new RecordingListener();
        RecordingListener big = new RecordingListener();
        RecordingListener small = new RecordingListener();
        generate(1, 15, first);
        pause.awaitReached();
        generate(1, 20, big);
        generate(1, 1, small);
        engine.pauseNoMore();
        pause.resume();

        for (RecordingListener each : List.of(first, big, small)) {
            assertInstanceOf(LensOutcome.class, each.awaitOutcome());
        }
        // While the first one writes its 15 tokens, no other prompt has a pass; then both others begin together.
        List<List<Integer>> passes = engine.passes();
        assertEquals(List.of(List.of(1)), passes.subList(0, 1));
        assertTrue(passes.subList(0, 16).stream().allMatch(pass -> pass.size() == 1), passes::toString);
        assertEquals(List.of(1, 1), passes.get(16));
    }

    @Test
    void whatATextTakesAtItsEndIsPartOfWhatItsRequestMayNeed() throws InterruptedException {
        RecordingListener text = new RecordingListener();
        generate(1, 40, text);

        MemoryLimitExceededException failure =
                assertInstanceOf(MemoryLimitExceededException.class, text.awaitOutcome());
        // A cell and 41 tokens.
        assertEquals(BYTES + 41 * FakeLensEngine.STATE_BYTES_PER_TOKEN, failure.neededBytes());
    }

    @Test
    void aCanceledOneEndsWithinItsPassAndLetsTheNextBegin() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        RecordingListener text = new RecordingListener();
        RecordingListener next = new RecordingListener();
        QueuedRequest request = generate(1, 20, text);
        pause.awaitReached();
        generate(1, 20, next);
        request.cancel();
        engine.pauseNoMore();
        pause.resume();

        assertInstanceOf(LensCanceledException.class, text.awaitOutcome());
        assertInstanceOf(LensOutcome.class, next.awaitOutcome());
        assertEquals(1 + 21, engine.passes().size());
    }

    @Test
    void aServerThatTakesNoMoreRequestsLetsTextsEnd() throws InterruptedException {
        Pause pause = engine.pauseRuns();
        RecordingListener text = new RecordingListener();
        generate(1, 3, text);
        pause.awaitReached();
        scheduler.refuseRequests();
        engine.pauseNoMore();
        pause.resume();

        assertInstanceOf(LensOutcome.class, text.awaitOutcome());
        assertTrue(scheduler.awaitIdle(LONG));
    }

    @Test
    void moreTokensThanFitAreRefused() throws InterruptedException {
        RecordingListener text = new RecordingListener();
        generate(1, 1 << 20, text);
        assertEquals(
                "options.max_tokens",
                assertInstanceOf(InvalidFieldException.class, text.awaitOutcome())
                        .field());
    }

    private QueuedRequest generate(int tokens, int maxTokens, RecordingListener listener) {
        QueuedRequest request = new QueuedRequest(
                prompt(tokens),
                Optional.of(new RequestedGeneration(
                        OptionalInt.of(maxTokens), Optional.empty(), List.of(), List.of(), EndTokenRule.STOP)),
                listener,
                WhenFull.REFUSE,
                Admission.free(Caller.ANYBODY));
        scheduler.submit(registry.find("a", "model"), request);
        return request;
    }

    /** Reads one layer at the last position. */
    private static RequestedPlan prompt(int tokens) {
        IndexRange last = new IndexRange(OptionalInt.of(-1), OptionalInt.empty(), OptionalInt.empty());
        return RequestedPlan.builder(new LensPrompt.TokenIds(new int[tokens]))
                .layers(List.of(last))
                .positions(List.of(last))
                .build();
    }
}
