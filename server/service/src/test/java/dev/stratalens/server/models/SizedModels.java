package dev.stratalens.server.models;

import dev.stratalens.engine.fake.FakeLensEngine;
import dev.stratalens.engine.lens.LensEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A registry of models that are loaded on demand, each of a size that its name says: "a-40" needs 40 bytes. */
final class SizedModels implements EngineLoader, AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    final List<String> loaded = new CopyOnWriteArrayList<>();
    final Map<String, FakeLensEngine> engines = new ConcurrentHashMap<>();
    final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();
    final AtomicLong nanos = new AtomicLong();
    final ModelRegistry registry;

    SizedModels(long budgetBytes, String... names) {
        registry = new ModelRegistry(
                Arrays.stream(names)
                        .map(name -> new ServedName(name, LoadPolicy.ON_DEMAND))
                        .toList(),
                budgetBytes,
                this,
                ComputeTurns.NOBODY_ELSE,
                nanos::get);
        registry.start();
    }

    @Override
    public LensEngine load(String name, ModelLoadListener listener) {
        loaded.add(name);
        listener.needs(Long.parseLong(name.substring(name.indexOf('-') + 1)));
        RuntimeException failure = failures.get(name);
        if (failure != null) {
            throw failure;
        }
        FakeLensEngine engine = FakeLensEngine.named(name);
        engines.put(name, engine);
        return engine;
    }

    NamedModel model(String name) {
        return registry.find(name, "model");
    }

    /** Asks for a model as a short request does, a while after everything before: an engine, or the failure. */
    Object use(String name) throws InterruptedException {
        nanos.addAndGet(1);
        BlockingQueue<Object> outcome = new LinkedBlockingQueue<>();
        Loaded.await(model(name), outcome::add, outcome::add);
        Object result = outcome.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (result == null) {
            throw new AssertionError(
                    "Neither loaded nor failed; state: " + model(name).state());
        }
        awaitUnheld(name);
        return result;
    }

    /** A request that goes on. */
    Lease hold(String name) throws InterruptedException {
        use(name);
        return model(name).lease().orElseThrow();
    }

    /** Names of the models that take memory, in order. */
    List<String> inMemory() {
        return registry.models().stream()
                .filter(model -> model.memoryBytes() > 0)
                .map(NamedModel::name)
                .toList();
    }

    /** A short request lets go after its answer. */
    private void awaitUnheld(String name) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (model(name).leases() > 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(name + " is still held.");
            }
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        registry.close();
    }
}
