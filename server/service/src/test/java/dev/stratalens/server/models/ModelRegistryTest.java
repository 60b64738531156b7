package dev.stratalens.server.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.error.UnknownModelException;
import dev.stratalens.server.models.ServingState.Loading.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelRegistryTest {

    @Test
    void loadsInTheGivenOrderAndListsByName() throws InterruptedException {
        List<String> loaded = new ArrayList<>();
        ModelRegistry registry = new ModelRegistry(List.of("b", "c", "a"), (name, listener) -> {
            loaded.add(name);
            return FakeLensEngine.named(name);
        });

        assertEquals(
                List.of("a", "b", "c"),
                registry.models().stream().map(NamedModel::name).toList());
        registry.start();
        outcomeOf(registry.find("a", "model"));

        assertEquals(List.of("b", "c", "a"), loaded);
        registry.close();
    }

    @Test
    void answersWhileAModelLoads() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        FakeLensEngine engine = FakeLensEngine.named("a");
        ModelRegistry registry = new ModelRegistry(List.of("a"), (name, listener) -> {
            listener.loaded(3, 7);
            begun.countDown();
            await(mayEnd);
            return engine;
        });
        NamedModel model = registry.find("", "model");
        assertEquals(ServingState.Loading.begun(), model.state());

        registry.start();
        begun.await();
        assertEquals(new ServingState.Loading(Step.WEIGHTS, 3, 7), model.state());
        mayEnd.countDown();

        assertSame(engine, outcomeOf(model));
        assertEquals(new ServingState.Ready(engine), model.state());
        registry.close();
    }

    @Test
    void tellsObserversEveryStateInOrder() throws InterruptedException {
        List<ServingState> seen = new ArrayList<>();
        FakeLensEngine engine = FakeLensEngine.named("a");
        ModelRegistry registry = new ModelRegistry(List.of("a"), (name, listener) -> {
            listener.loaded(1, 1);
            return engine;
        });
        registry.find("a", "model").observe(seen::add);

        registry.start();
        outcomeOf(registry.find("a", "model"));

        assertEquals(
                List.of(
                        ServingState.Loading.begun(),
                        new ServingState.Loading(Step.WEIGHTS, 1, 1),
                        new ServingState.Ready(engine)),
                seen);
        registry.close();
    }

    @Test
    void loadsOnDemandWhatIsAskedForAndNothingElse() throws InterruptedException {
        BlockingQueue<String> loaded = new LinkedBlockingQueue<>();
        ModelRegistry registry = new ModelRegistry(List.of("a", "b"), LoadPolicy.ON_DEMAND, (name, listener) -> {
            loaded.add(name);
            return FakeLensEngine.named(name);
        });
        registry.start();
        assertEquals(new ServingState.NotLoaded(), registry.find("b", "model").state());

        registry.find("b", "model").request();
        registry.find("b", "model").request();
        assertInstanceOf(LensEngine.class, outcomeOf(registry.find("b", "model")));
        registry.close();

        assertEquals(List.of("b"), List.copyOf(loaded));
        ServingState.Failed never = assertInstanceOf(
                ServingState.Failed.class, registry.find("a", "model").state());
        assertInstanceOf(ServerStoppingException.class, never.failure());
    }

    @Test
    void tellsObserversTheWayOfAModelThatIsLoadedOnDemand() throws InterruptedException {
        List<ServingState> seen = new ArrayList<>();
        FakeLensEngine engine = FakeLensEngine.named("a");
        ModelRegistry registry = new ModelRegistry(List.of("a"), LoadPolicy.ON_DEMAND, (name, listener) -> engine);
        registry.find("a", "model").observe(seen::add);
        registry.start();
        outcomeOf(registry.find("a", "model"));

        assertEquals(
                List.of(new ServingState.NotLoaded(), ServingState.Loading.begun(), new ServingState.Ready(engine)),
                seen);
        registry.close();
    }

    @Test
    void closesWhileALoaderWaitsForTheNetwork() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        ModelRegistry registry = new ModelRegistry(List.of("a"), (name, listener) -> {
            begun.countDown();
            await(new CountDownLatch(1));
            throw new LensCanceledException();
        });
        registry.start();
        begun.await();

        registry.close();
        assertInstanceOf(ServerStoppingException.class, outcomeOf(registry.find("a", "model")));
    }

    @Test
    void keepsTheFailureOfOneModelAndLoadsTheNext() throws InterruptedException {
        OutOfMemoryError failure = new OutOfMemoryError("made up");
        ModelRegistry registry = new ModelRegistry(List.of("bad", "good"), (name, listener) -> {
            if (name.equals("bad")) {
                throw failure;
            }
            return FakeLensEngine.named(name);
        });

        registry.start();

        assertInstanceOf(LensEngine.class, outcomeOf(registry.find("good", "model")));
        assertSame(failure, outcomeOf(registry.find("bad", "model")));
        assertEquals(
                new ServingState.Failed(failure), registry.find("bad", "model").state());
        registry.close();
    }

    @Test
    void freesEveryEngineOnce() throws InterruptedException {
        List<FakeLensEngine> engines = List.of(FakeLensEngine.named("0"), FakeLensEngine.named("1"));
        ModelRegistry registry =
                new ModelRegistry(List.of("0", "1"), (name, listener) -> engines.get(Integer.parseInt(name)));
        registry.start();
        outcomeOf(registry.find("1", "model"));

        registry.close();
        registry.close();

        assertTrue(engines.stream().allMatch(FakeLensEngine::isClosed));
        ServingState.Failed state = assertInstanceOf(
                ServingState.Failed.class, registry.find("0", "model").state());
        assertInstanceOf(ServerStoppingException.class, state.failure());
    }

    @Test
    void stopsLoadingAtTheNextTensorWhenItIsClosed() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        ModelRegistry registry = new ModelRegistry(List.of("a", "b"), (name, listener) -> {
            begun.countDown();
            // Ends by the exception that the listener throws, or never.
            while (true) {
                listener.loaded(0, 0);
            }
        });
        registry.start();
        begun.await();

        registry.close();

        assertInstanceOf(ServerStoppingException.class, outcomeOf(registry.find("a", "model")));
        assertInstanceOf(ServerStoppingException.class, outcomeOf(registry.find("b", "model")));
    }

    @Test
    void namesTheServedModelsWhenAskedForAnother() {
        ModelRegistry registry = new ModelRegistry(List.of("b", "a"), (name, listener) -> FakeLensEngine.named(name));

        UnknownModelException unknown = assertThrows(UnknownModelException.class, () -> registry.find("c", "model"));
        InvalidFieldException unnamed = assertThrows(InvalidFieldException.class, () -> registry.find("", "name"));

        assertEquals("c", unknown.name());
        assertEquals(List.of("a", "b"), unknown.served());
        assertEquals("name", unnamed.field());
        assertTrue(unnamed.getMessage().contains("a, b"), unnamed.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a,a", "a,"})
    void refusesNamesThatSayNothingOrTwoThings(String names) {
        List<String> given = names.isEmpty() ? List.of() : List.of(names.split(",", -1));

        assertThrows(
                IllegalArgumentException.class,
                () -> new ModelRegistry(given, (name, listener) -> FakeLensEngine.named(name)));
    }

    private static Object outcomeOf(NamedModel model) throws InterruptedException {
        BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        Loaded.await(model, outcome::add, outcome::add);
        Object result = outcome.poll(20, TimeUnit.SECONDS);
        if (result == null) {
            throw new AssertionError("The model did not load; state: " + model.state());
        }
        return result;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
