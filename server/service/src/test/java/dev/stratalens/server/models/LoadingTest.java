package dev.stratalens.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.models.ServingState.Loading.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadingTest {

    private final SizedModels models = new SizedModels(100, "a-40", "b-101");

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void manyCallersAtOnceLoadAModelOnce() throws InterruptedException {
        int callers = 16;
        CountDownLatch begin = new CountDownLatch(1);
        CountDownLatch served = new CountDownLatch(callers);
        List<LensEngine> engines = new CopyOnWriteArrayList<>();
        for (int i = 0; i < callers; i++) {
            Thread caller = new Thread(() -> {
                awaitQuietly(begin);
                Loaded.await(models.model("a-40"), engine -> {
                    engines.add(engine);
                    served.countDown();
                });
            });
            caller.setDaemon(true);
            caller.start();
        }
        begin.countDown();

        assertTrue(served.await(20, TimeUnit.SECONDS));
        assertEquals(List.of("a-40"), models.loaded);
        assertEquals(1, engines.stream().distinct().count());
    }

    @Test
    void aModelThatFailedIsLeftAloneForAWhileAndThenReadAgain() throws InterruptedException {
        RuntimeException broken = new IllegalStateException("broken");
        models.failures.put("a-40", broken);

        assertSame(broken, models.use("a-40"));
        assertSame(broken, models.use("a-40"));
        models.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertSame(broken, models.use("a-40"));
        models.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertSame(broken, models.use("a-40"));
        assertEquals(2, models.loaded.size(), "read again after 5 seconds, but not before 10 more");

        models.failures.clear();
        models.nanos.addAndGet(Duration.ofSeconds(5).toNanos());
        assertInstanceOf(LensEngine.class, models.use("a-40"));
    }

    @Test
    void whoAsksForItExplicitlyNeedNotWait() throws InterruptedException {
        models.failures.put("a-40", new IllegalStateException("broken"));
        models.use("a-40");
        models.failures.clear();

        models.model("a-40").requestNow();

        assertInstanceOf(LensEngine.class, models.use("a-40"));
    }

    @Test
    void thePauseGrowsWithTheFailuresUpToAFewMinutes() {
        Throwable broken = new IllegalStateException();
        assertEquals(Duration.ofSeconds(5), RetryPause.after(broken, 1));
        assertEquals(Duration.ofSeconds(40), RetryPause.after(broken, 4));
        assertEquals(Duration.ofSeconds(320), RetryPause.after(broken, 7));
        assertEquals(Duration.ofSeconds(320), RetryPause.after(broken, 1_000));
    }

    @Test
    void aModelWithoutRoomIsTriedAgainSoon() throws InterruptedException {
        models.use("b-101");
        models.use("b-101");
        models.nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        models.use("b-101");

        assertEquals(List.of("b-101", "b-101"), models.loaded);
    }

    @Test
    void theDownloadIsHeardOfBeforeTheWeights() throws InterruptedException {
        List<ServingState> seen = new ArrayList<>();
        FakeLensEngine engine = FakeLensEngine.named("far");
        CountDownLatch ready = new CountDownLatch(1);
        try (ModelRegistry registry = new ModelRegistry(List.of("far"), LoadPolicy.ON_DEMAND, (name, listener) -> {
            listener.downloaded(3_000_000_000L, 5_000_000_000L);
            listener.loaded(1, 2);
            return engine;
        })) {
            registry.start();
            NamedModel far = registry.find("far", "model");
            Runnable end = far.observe(state -> {
                seen.add(state);
                if (state instanceof ServingState.Ready) {
                    ready.countDown();
                }
            });
            far.request();
            assertTrue(ready.await(20, TimeUnit.SECONDS));
            end.run();
            far.unload().join();
        }
        assertEquals(
                List.of(
                        new ServingState.NotLoaded(),
                        ServingState.Loading.begun(),
                        new ServingState.Loading(Step.DOWNLOAD, 3_000_000_000L, 5_000_000_000L),
                        new ServingState.Loading(Step.WEIGHTS, 1, 2),
                        new ServingState.Ready(engine)),
                seen);
    }

    @Test
    void whatAnObserverCausesIsHeardByAllInOrder() throws InterruptedException {
        List<ServingState> seen = new CopyOnWriteArrayList<>();
        NamedModel model = models.model("a-40");
        models.failures.put("a-40", new IllegalStateException("broken"));
        CountDownLatch failedTwice = new CountDownLatch(2);
        model.observe(state -> {
            if (state instanceof ServingState.Failed && failedTwice.getCount() == 2) {
                model.requestNow();
            }
        });
        model.observe(state -> {
            seen.add(state);
            if (state instanceof ServingState.Failed) {
                failedTwice.countDown();
            }
        });

        model.request();

        assertTrue(failedTwice.await(20, TimeUnit.SECONDS));
        assertEquals(
                List.of("NotLoaded", "Loading", "Failed", "Loading", "Failed"),
                seen.stream().map(state -> state.getClass().getSimpleName()).toList());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
