package dev.stratalens.server.models;

import dev.stratalens.engine.device.HostDevice;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.model.ComputeChoice;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.error.UnknownModelException;
import dev.stratalens.server.models.ServingState.Loading.Step;
import dev.stratalens.server.threads.Callback;
import dev.stratalens.server.threads.SupervisedThread;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The served models by name. They load one after the other on a thread of the registry, at the start or when they are
 * asked for, so that callers can use the others until then. Together they take no more than a budget of memory: for one that
 * does not fit, those that no request holds are unloaded, the least recently used first. The registry owns the engines. Thread-safe.
 */
public final class ModelRegistry implements AutoCloseable {

    /** As much memory as the models take. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);

    /** An engine that is not closed by then keeps its process from ending. */
    private static final long CLOSE_SECONDS = 30;

    private final Map<String, NamedModel> inLoadOrder = new LinkedHashMap<>();
    private final EngineLoader loader;
    private final ComputeTurns turns;
    private final MemoryBudget budget;
    private final BlockingQueue<NamedModel> toLoad = new LinkedBlockingQueue<>();
    private final SupervisedThread loading = new SupervisedThread("stratalens-load", this::loadAll);
    // Apart from loading: memory is given back while another model's download takes its time.
    private final ExecutorService freeing = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "stratalens-unload");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean busy;
    private volatile boolean closed;

    /** Models that load at the start, into as much memory as they take. */
    public ModelRegistry(List<String> names, EngineLoader loader) {
        this(names, LoadPolicy.START, loader);
    }

    /** Models that are all loaded at the same occasion, into as much memory as they take. */
    public ModelRegistry(List<String> names, LoadPolicy policy, EngineLoader loader) {
        this(
                names.stream().map(name -> new ServedName(name, policy)).toList(),
                UNBOUNDED,
                loader,
                ComputeTurns.NOBODY_ELSE,
                System::nanoTime);
    }

    /**
     * @param names models in the order in which they load at the start, at least one, each once
     * @param budgetBytes memory that their weights may take together, or {@link #UNBOUNDED}
     * @param loader brings a model into memory
     * @param turns in which loading measures what the machine does best
     * @param nanoTime tells which was used last, and when a model that failed may be tried again
     */
    public ModelRegistry(
            List<ServedName> names, long budgetBytes, EngineLoader loader, ComputeTurns turns, LongSupplier nanoTime) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("No model is given; name at least one to serve.");
        }
        for (ServedName name : names) {
            NamedModel model = new NamedModel(name.name(), name.load(), new Engines(), nanoTime);
            if (name.name().isEmpty() || inLoadOrder.put(name.name(), model) != null) {
                throw new IllegalArgumentException("Model names must be unique and not empty; given: \"%s\"."
                        .formatted(String.join(
                                "\", \"", names.stream().map(ServedName::name).toList())));
            }
        }
        this.budget = new MemoryBudget(inLoadOrder.values(), budgetBytes);
        this.loader = loader;
        this.turns = turns;
    }

    /** Begins to load what is loaded at the start, and to listen for requests. */
    public void start() {
        inLoadOrder.values().stream().filter(NamedModel::isStarting).forEach(toLoad::add);
        tellWaiting(0);
        loading.start();
    }

    /** Whether a model is loaded now, or waits for that. */
    public boolean isLoading() {
        return inLoadOrder.values().stream().anyMatch(model -> model.state() instanceof ServingState.Loading);
    }

    /** Memory that the weights of all models may take together, or {@link #UNBOUNDED}. */
    public long budgetBytes() {
        return budget.bytes();
    }

    /** What the weights of all models take, or are about to. */
    public long memoryBytes() {
        return budget.taken();
    }

    /** Cards on which models may compute, with their free memory when a model was last loaded. */
    public List<HostDevice> cards() {
        return loader.cards();
    }

    /** What the weights of all models take on a device, or are about to. */
    public long bytesOn(Device device) {
        return budget.takenOn(device);
    }

    /** Version of the library that computes; empty before a model was loaded. */
    public String libraryVersion() {
        return loader.libraryVersion();
    }

    /** All models in order of name. */
    public List<NamedModel> models() {
        return List.copyOf(new TreeMap<>(inLoadOrder).values());
    }

    /** As the other {@code find}, among all models. */
    public NamedModel find(String name, String field) {
        return find(name, field, every -> true);
    }

    /**
     * The model of a name; the empty name stands for the only model.
     *
     * @param field the request's field that holds the name, for errors
     * @param exists by name; the other models are not there, and no error names them
     * @throws UnknownModelException if there is none
     * @throws InvalidFieldException if the name is empty and several models are served
     */
    public NamedModel find(String name, String field, Predicate<String> exists) {
        List<NamedModel> models =
                models().stream().filter(model -> exists.test(model.name())).toList();
        if (name.isEmpty() && models.size() == 1) {
            return models.get(0);
        }
        List<String> names = models.stream().map(NamedModel::name).toList();
        if (name.isEmpty() && !models.isEmpty()) {
            throw InvalidFieldException.of(
                    field,
                    Problem.MISSING,
                    "",
                    "Several models are served; name one of: " + String.join(", ", names) + ".");
        }
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UnknownModelException(name, names));
    }

    /** The thread that loads the models. */
    public SupervisedThread loadingThread() {
        return loading;
    }

    /** Loads nothing more: callers that wait for a model are told that the server is stopping. Models in memory serve on. */
    public void stopLoading() {
        closed = true;
        inLoadOrder.values().forEach(model -> model.end(new ServerStoppingException()));
        // A download waits for the network, not for us.
        loading.interrupt();
    }

    /** Stops loading and frees every engine. No plan may run any more. */
    @Override
    public void close() {
        stopLoading();
        freeing.shutdown();
        try {
            loading.join();
            if (!freeing.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                LOG.error("A model was not freed within {} s.", CLOSE_SECONDS);
                return;
            }
        } catch (InterruptedException e) {
            // The engines are freed all the same: nothing can use them now.
            Thread.currentThread().interrupt();
        }
        for (NamedModel model : inLoadOrder.values()) {
            Optional<LensEngine> engine = engineOf(model.state());
            if (!(model.state() instanceof ServingState.Failed)) {
                model.become(new ServingState.Failed(new ServerStoppingException()));
            }
            engine.ifPresent(open -> Callback.run("the closing of model " + model.name(), open::close));
        }
    }

    private static Optional<LensEngine> engineOf(ServingState state) {
        if (state instanceof ServingState.Ready ready) {
            return Optional.of(ready.engine());
        }
        return state instanceof ServingState.Unloading unloading ? Optional.of(unloading.engine()) : Optional.empty();
    }

    private void loadAll() {
        try {
            while (!closed) {
                load(toLoad.take());
            }
        } catch (InterruptedException e) {
            // The registry is closed.
        }
    }

    private void load(NamedModel model) {
        busy = true;
        model.waitsFor(0);
        tellWaiting(1);
        ServingState next = stateAfterLoading(model);
        busy = false;
        if (!model.become(next)) {
            engineOf(next).ifPresent(engine -> Callback.run("the closing of an engine", engine::close));
        }
    }

    /** Callers that wait for a model that comes later are told each step of the one that is loaded. */
    private void tellWaiting(int loading) {
        int others = loading;
        for (NamedModel model : toLoad) {
            model.waitsFor(others++);
        }
    }

    // Throwable: whatever goes wrong, callers who wait must be told, and the next model gets its turn.
    private ServingState stateAfterLoading(NamedModel model) {
        try {
            throwIfClosed();
            return new ServingState.Ready(loader.load(model.name(), new Progress(model)));
        } catch (Throwable failure) {
            if (closed) {
                return new ServingState.Failed(new ServerStoppingException());
            }
            return new ServingState.Failed(failure);
        }
    }

    private void throwIfClosed() {
        if (closed) {
            throw new ServerStoppingException();
        }
    }

    private final class Engines implements NamedModel.Memory {

        @Override
        public ServingState.Loading load(NamedModel model) {
            int others = toLoad.size() + (busy ? 1 : 0);
            toLoad.add(model);
            return ServingState.Loading.begun().behind(others);
        }

        @Override
        public void free(NamedModel model, LensEngine engine) {
            if (!closed) {
                freeing.execute(() -> MemoryBudget.free(model, engine));
            }
        }
    }

    private final class Progress implements ModelLoadListener {
        private final NamedModel model;

        Progress(NamedModel model) {
            this.model = model;
        }

        @Override
        public <T> T inTurn(Supplier<T> work) {
            return turns.take(work);
        }

        @Override
        public void loaded(long done, long total) {
            throwIfClosed();
            model.become(new ServingState.Loading(Step.WEIGHTS, done, total));
            tellWaiting(1);
        }

        @Override
        public void chosen(ComputeChoice choice) {
            LOG.info("Model {} computes in {}", model.name(), choice);
            model.computesBy(choice);
        }

        @Override
        public boolean makeRoomOnCards(ToIntFunction<Map<Device, Long>> homeless) {
            return budget.makeRoomOnCards(model, homeless);
        }

        @Override
        public void placed(Placement placement, Map<Device, Long> weightBytes) {
            Map<Device, Long> onCards = new HashMap<>(weightBytes);
            onCards.keySet().removeIf(Device::isHost);
            model.needsOnCards(onCards);
            if (!onCards.isEmpty()) {
                LOG.info("Model {}: {}", model.name(), placement.inWords());
            }
            if (placement.blocksLeftBehind() > 0) {
                LOG.warn(
                        "The last {} of {} blocks of model {} stay on the processor, which is much slower. More free memory"
                                + " on the cards helps.",
                        placement.blocksLeftBehind(),
                        placement.blockCount(),
                        model.name());
            }
        }

        @Override
        public void downloaded(long done, long total) {
            throwIfClosed();
            model.become(new ServingState.Loading(Step.DOWNLOAD, done, total));
            tellWaiting(1);
        }

        @Override
        public void needs(long bytes) {
            budget.makeRoom(model, bytes);
        }
    }
}
