package dev.stratalens.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.ModelInUseException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UnloadTest {

    private final SizedModels models = new SizedModels(ModelRegistry.UNBOUNDED, "a-40");
    private final NamedModel model = models.model("a-40");

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void aModelThatNobodyHoldsIsFreed() throws Exception {
        models.use("a-40");

        await(model.unload());

        assertEquals(new ServingState.NotLoaded(), model.state());
        assertEquals(0, model.memoryBytes());
        assertTrue(engine().isClosed());
    }

    @Test
    void whatTakesNoMemoryIsUnloadedAlready() throws Exception {
        await(model.unload());
        models.failures.put("a-40", new IllegalStateException("broken"));
        models.use("a-40");
        await(model.unload());

        assertInstanceOf(ServingState.Failed.class, model.state());
    }

    @Test
    void aModelIsFreedOnceTheLastRequestLetsGo() throws Exception {
        Lease first = models.hold("a-40");
        Lease second = model.lease().orElseThrow();

        CompletableFuture<Void> unload = model.unload();
        first.close();
        first.close();

        assertInstanceOf(ServingState.Unloading.class, model.state());
        assertFalse(unload.isDone());
        assertFalse(engine().isClosed());
        second.close();
        await(unload);
        assertTrue(engine().isClosed());
    }

    @Test
    void aRequestThatComesMeanwhileWaitsAndLoadsTheModelAgain() throws Exception {
        Lease lease = models.hold("a-40");
        FakeLensEngine before = engine();
        CompletableFuture<Void> unload = model.unload();
        assertTrue(model.lease().isEmpty());
        BlockingQueue<LensEngine> served = new LinkedBlockingQueue<>();
        Loaded.await(model, served::add);

        assertTrue(served.isEmpty());
        lease.close();
        await(unload);

        LensEngine after = Objects.requireNonNull(served.poll(20, TimeUnit.SECONDS));
        assertNotSame(before, after);
        assertTrue(before.isClosed());
        assertEquals(List.of("a-40", "a-40"), models.loaded);
    }

    @Test
    void anUnloadThatIsCalledOffLeavesTheModelToWhoeverWaits() throws Exception {
        Lease lease = models.hold("a-40");
        CompletableFuture<Void> unload = model.unload();
        BlockingQueue<LensEngine> served = new LinkedBlockingQueue<>();
        Loaded.await(model, served::add);

        model.callOff(unload);

        ModelInUseException refusal = assertInstanceOf(
                ModelInUseException.class,
                assertThrows(ExecutionException.class, unload::get).getCause());
        assertEquals(1, refusal.requests());
        assertEquals(engine(), served.poll(20, TimeUnit.SECONDS));
        lease.close();
        assertInstanceOf(ServingState.Ready.class, model.state());
        assertEquals(List.of("a-40"), models.loaded);
    }

    @Test
    void anUnloadGoesOnForACallerWhoStillWaits() throws Exception {
        Lease lease = models.hold("a-40");
        CompletableFuture<Void> impatient = model.unload();
        CompletableFuture<Void> patient = model.unload();

        model.callOff(impatient);
        assertInstanceOf(ServingState.Unloading.class, model.state());
        lease.close();

        await(patient);
        assertTrue(impatient.isCompletedExceptionally());
    }

    @Test
    void whatIsBeingFreedCannotBeCalledOff() throws Exception {
        models.use("a-40");
        CompletableFuture<Void> unload = model.unload();

        model.callOff(unload);

        await(unload);
        assertEquals(new ServingState.NotLoaded(), model.state());
    }

    @Test
    void aModelThatIsBeingLoadedIsFreedAfterThoseWhoWaitedForIt() throws Exception {
        CountDownLatch mayLoad = new CountDownLatch(1);
        BlockingQueue<Boolean> closedWhenServed = new LinkedBlockingQueue<>();
        FakeLensEngine engine = FakeLensEngine.named("slow");
        try (ModelRegistry registry = new ModelRegistry(List.of("slow"), LoadPolicy.ON_DEMAND, (name, listener) -> {
            awaitQuietly(mayLoad);
            return engine;
        })) {
            registry.start();
            NamedModel slow = registry.find("slow", "model");
            Loaded.await(slow, loaded -> closedWhenServed.add(engine.isClosed()));
            CompletableFuture<Void> unload = slow.unload();
            CompletableFuture<Void> impatient = slow.unload();
            slow.callOff(impatient);
            assertTrue(impatient.isCompletedExceptionally());

            mayLoad.countDown();
            await(unload);

            assertEquals(false, closedWhenServed.poll(20, TimeUnit.SECONDS));
            assertTrue(engine.isClosed());
            assertEquals(new ServingState.NotLoaded(), slow.state());
        }
    }

    @Test
    void aRegistryThatIsClosedMeanwhileFreesTheModelOnce() throws Exception {
        Lease lease = models.hold("a-40");
        CompletableFuture<Void> unload = model.unload();

        models.close();

        assertTrue(engine().isClosed());
        assertTrue(unload.isDone());
        lease.close();
    }

    private FakeLensEngine engine() {
        return Objects.requireNonNull(models.engines.get("a-40"));
    }

    private static void await(CompletableFuture<Void> unload) throws Exception {
        unload.get(20, TimeUnit.SECONDS);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
