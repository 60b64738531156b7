package dev.stratalens.server.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.text.ChatMessage;
import dev.stratalens.engine.text.ChatTemplate.Ending;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.models.Loaded;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.quota.Admission;
import dev.stratalens.server.scheduling.compute.ComputeThread;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which texts are handed to another thread, which costs more than to read a brief one. */
@Timeout(60)
final class BriefTextTest {

    private final ModelRegistry registry = new ModelRegistry(
            List.of("a"), (name, listener) -> new FakeLensEngine(FakeModel.sized(name, FakeModel.VOCABULARY, 1 << 12)));
    private final ComputeThread compute = new ComputeThread();
    private final AtomicInteger handedOn = new AtomicInteger();
    private final LensScheduler scheduler =
            new LensScheduler(registry, new SchedulerLimits(8, 1L << 40, 1 << 12), compute, work -> {
                handedOn.incrementAndGet();
                work.run();
            });

    @BeforeEach
    void load() throws InterruptedException {
        CountDownLatch loaded = new CountDownLatch(1);
        Loaded.await(registry.find("a", "model"), engine -> loaded.countDown());
        registry.start();
        loaded.await();
    }

    @AfterEach
    void close() {
        compute.close();
        registry.close();
    }

    @Test
    void aBriefOneIsReadByTheThreadThatBringsIt() throws InterruptedException {
        assertInstanceOf(LensOutcome.class, outcome(text(5), WhenFull.REFUSE));

        assertEquals(0, handedOn.get());
    }

    @Test
    void aLongOneIsHandedOn() throws InterruptedException {
        assertInstanceOf(LensOutcome.class, outcome(text(2_000), WhenFull.REFUSE));

        assertEquals(1, handedOn.get());
    }

    @Test
    void aChatIsHandedOnHoweverBrief() throws InterruptedException {
        var chat = new LensPrompt.Chat(List.of(new ChatMessage("user", "hi")), Ending.NONE, Map.of());

        assertInstanceOf(LensFailure.class, outcome(chat, WhenFull.REFUSE), "this model has no template");

        assertEquals(1, handedOn.get());
    }

    @Test
    void thoseOfABatchAreHandedOnAsTheComputingThreadBringsThem() throws InterruptedException {
        assertInstanceOf(LensOutcome.class, outcome(text(5), WhenFull.WAIT));

        assertEquals(1, handedOn.get());
    }

    private Object outcome(LensPrompt prompt, WhenFull whenFull) throws InterruptedException {
        RecordingListener listener = new RecordingListener();
        scheduler.submit(
                registry.find("a", "model"),
                new QueuedRequest(
                        RequestedPlan.builder(prompt).build(), listener, whenFull, Admission.free(Caller.ANYBODY)));
        return listener.awaitOutcome();
    }

    private static LensPrompt text(int length) {
        return new LensPrompt.Text("x".repeat(length), SpecialTokens.NONE);
    }
}
