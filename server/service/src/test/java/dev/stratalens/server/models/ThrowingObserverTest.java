package dev.stratalens.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.ServerStoppingException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Observers and waiting callers that throw, that need other threads, and that go away. */
@Timeout(60)
final class ThrowingObserverTest {

    private final SizedModels models = new SizedModels(100, "a-40", "b-40");
    private final NamedModel model = models.model("a-40");

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void anErrorOfOneWaiterKeepsNoOtherWaitingAndNoLease() throws InterruptedException {
        BlockingQueue<Object> served = new LinkedBlockingQueue<>();
        Runnable unused = model.whenLoaded(
                lease -> {
                    throw new OutOfMemoryError("made up");
                },
                failure -> {});
        Loaded.await(model, served::add);

        assertInstanceOf(LensEngine.class, served.poll(20, TimeUnit.SECONDS));
        assertInstanceOf(LensEngine.class, models.use("b-40"), "the loading thread goes on");
        assertInstanceOf(LensEngine.class, models.use("a-40"));
        assertEquals(0, model.leases());
        model.unload().join();
    }

    @Test
    void anErrorOfAnObserverKeepsNothingFromOthers() throws InterruptedException {
        Runnable unused = model.observe(state -> {
            throw new StackOverflowError("made up");
        });
        BlockingQueue<ServingState> heard = new LinkedBlockingQueue<>();
        Runnable unusedToo = model.observe(heard::add);

        assertInstanceOf(LensEngine.class, models.use("a-40"));

        assertInstanceOf(ServingState.NotLoaded.class, heard.poll(20, TimeUnit.SECONDS));
        assertInstanceOf(ServingState.Loading.class, heard.poll(20, TimeUnit.SECONDS));
        assertInstanceOf(ServingState.Ready.class, heard.poll(20, TimeUnit.SECONDS));
    }

    @Test
    void anObserverMayNeedAnotherThreadThatNeedsTheModel() throws InterruptedException {
        CompletableFuture<Boolean> leased = new CompletableFuture<>();
        Runnable unused = model.observe(state -> {
            if (state instanceof ServingState.Ready) {
                // A deadlock would end here.
                CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> {
                            model.lease().ifPresent(Lease::close);
                            return true;
                        })
                        .completeOnTimeout(false, 20, TimeUnit.SECONDS);
                leased.complete(other.join());
            }
        });

        model.request();

        assertTrue(leased.join());
    }

    @Test
    void aWaiterMayNeedAnotherThreadThatNeedsTheModel() {
        CompletableFuture<Boolean> leased = new CompletableFuture<>();
        Loaded.await(
                model,
                engine -> leased.complete(CompletableFuture.supplyAsync(() -> {
                            Runnable unused = model.observe(state -> {});
                            return model.lease()
                                    .map(lease -> {
                                        lease.close();
                                        return true;
                                    })
                                    .orElse(false);
                        })
                        .completeOnTimeout(false, 20, TimeUnit.SECONDS)
                        .join()));

        assertTrue(leased.join());
    }

    @Test
    void whoGoesAwayWaitsNoMore() throws InterruptedException {
        Runnable end;
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        try (SizedModels blocked = new SizedModels(100, "c-40")) {
            blocked.failures.put("c-40", new IllegalStateException("made up"));
            blocked.use("c-40");
            blocked.failures.clear();
            NamedModel failed = blocked.model("c-40");
            end = failed.whenLoaded(heard::add, heard::add);
            assertInstanceOf(IllegalStateException.class, heard.poll(20, TimeUnit.SECONDS));
            assertEquals(0, failed.waiting());
        }
        end.run();
        assertTrue(heard.isEmpty());
    }

    @Test
    void whoWaitsForAModelWhenLoadingEndsHearsOfItThoughTheLoaderDoesNot() throws InterruptedException {
        CompletableFuture<Void> mayLoad = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        ModelRegistry registry = new ModelRegistry(List.of("slow"), LoadPolicy.ON_DEMAND, (name, listener) -> {
            begun.complete(null);
            mayLoad.join();
            return models.engines.computeIfAbsent(name, FakeLensEngine::named);
        });
        registry.start();
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        NamedModel slow = registry.find("slow", "model");
        Runnable first = slow.whenLoaded(heard::add, heard::add);
        Runnable second = slow.whenLoaded(lease -> {}, failure -> heard.add("the second one"));
        begun.join();
        assertEquals(2, slow.waiting());
        second.run();
        assertEquals(1, slow.waiting());

        registry.stopLoading();

        assertInstanceOf(ServerStoppingException.class, heard.poll(20, TimeUnit.SECONDS));
        Runnable late = slow.whenLoaded(heard::add, heard::add);
        assertInstanceOf(ServerStoppingException.class, heard.poll(20, TimeUnit.SECONDS));
        first.run();
        late.run();
        assertTrue(heard.isEmpty());
        mayLoad.complete(null);
        registry.close();
        assertTrue(
                Objects.requireNonNull(models.engines.get("slow")).isClosed(), "what was loaded for nobody is freed");
    }

    @Test
    void loadersTimeTheMachineInTheTurnsOfTheRegistry() throws InterruptedException {
        BlockingQueue<String> turns = new LinkedBlockingQueue<>();
        ComputeTurns counted = new ComputeTurns() {
            @Override
            public <T> T take(Supplier<T> work) {
                turns.add("taken");
                return work.get();
            }
        };
        FakeLensEngine engine = FakeLensEngine.named("a");
        try (ModelRegistry registry = new ModelRegistry(
                List.of(new ServedName("a", LoadPolicy.ON_DEMAND)),
                ModelRegistry.UNBOUNDED,
                (name, listener) -> listener.inTurn(() -> engine),
                counted,
                System::nanoTime)) {
            registry.start();
            CompletableFuture<LensEngine> loaded = new CompletableFuture<>();
            Loaded.await(registry.find("a", "model"), loaded::complete);
            assertSame(engine, loaded.join());
        }
        assertEquals(1, turns.size());
    }
}
