package dev.stratalens.server.registry;

import dev.stratalens.server.error.InvalidFieldException;
import dev.stratalens.server.error.InvalidFieldException.Problem;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.error.UnknownModelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The served models by name. They load one after the other on a thread of the registry, at the start or when they are
 * asked for, so that callers can look around meanwhile. The registry owns the engines. Thread-safe.
 */
public final class ModelRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelRegistry.class);

    private final Map<String, ServedModel> inLoadOrder = new LinkedHashMap<>();
    private final EngineLoader loader;
    private final LoadPolicy policy;
    private final BlockingQueue<ServedModel> toLoad = new LinkedBlockingQueue<>();
    private final Thread loading = new Thread(this::loadAll, "stratalens-load");
    private volatile boolean closed;

    /** Models that load at the start; as the other constructor. */
    public ModelRegistry(List<String> names, EngineLoader loader) {
        this(names, LoadPolicy.START, loader);
    }

    /**
     * @param names models in the order in which they load at the start, at least one, each once
     * @param policy when they are loaded
     * @param loader brings a model into memory
     */
    public ModelRegistry(List<String> names, LoadPolicy policy, EngineLoader loader) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("No model is given; name at least one to serve.");
        }
        for (String name : names) {
            if (name.isEmpty() || inLoadOrder.put(name, new ServedModel(name, policy, toLoad::add)) != null) {
                throw new IllegalArgumentException("Model names must be unique and not empty; given: \"%s\"."
                        .formatted(String.join("\", \"", names)));
            }
        }
        this.policy = policy;
        this.loader = loader;
        loading.setDaemon(true);
    }

    /** Begins to load what is loaded at the start, and to listen for requests. */
    public void start() {
        if (policy == LoadPolicy.START) {
            toLoad.addAll(inLoadOrder.values());
        }
        loading.start();
    }

    /** All models in order of name. */
    public List<ServedModel> models() {
        return List.copyOf(new TreeMap<>(inLoadOrder).values());
    }

    /**
     * The model of a name; the empty name stands for the only model.
     *
     * @param field the request's field that holds the name, for errors
     * @throws UnknownModelException if there is none
     * @throws InvalidFieldException if the name is empty and several models are served
     */
    public ServedModel find(String name, String field) {
        List<ServedModel> models = models();
        if (name.isEmpty() && models.size() == 1) {
            return models.get(0);
        }
        List<String> names = models.stream().map(ServedModel::name).toList();
        if (name.isEmpty()) {
            throw InvalidFieldException.of(
                    field,
                    Problem.MISSING,
                    "",
                    "Several models are served; name one of: " + String.join(", ", names) + ".");
        }
        ServedModel model = inLoadOrder.get(name);
        if (model == null) {
            throw new UnknownModelException(name, names);
        }
        return model;
    }

    /** Stops loading and frees every engine. No plan may run any more. */
    @Override
    public void close() {
        closed = true;
        // A download waits for the network, not for us.
        loading.interrupt();
        try {
            loading.join();
        } catch (InterruptedException e) {
            // The engines are freed all the same: nothing can use them now.
            Thread.currentThread().interrupt();
        }
        for (ServedModel model : inLoadOrder.values()) {
            ModelState last = model.state();
            if (!(last instanceof ModelState.Failed)) {
                model.become(new ModelState.Failed(new ServerStoppingException()));
            }
            if (last instanceof ModelState.Ready ready) {
                ready.engine().close();
            }
        }
    }

    private void loadAll() {
        try {
            while (!closed) {
                ServedModel model = toLoad.take();
                if (model.state() instanceof ModelState.NotLoaded) {
                    model.become(new ModelState.Loading(0, 0));
                }
                model.become(stateAfterLoading(model));
            }
        } catch (InterruptedException e) {
            // The registry is closed.
        }
    }

    // Throwable: whatever goes wrong, callers who wait must be told, and the next model gets its turn.
    private ModelState stateAfterLoading(ServedModel model) {
        try {
            throwIfClosed();
            return new ModelState.Ready(loader.load(model.name(), new Progress(model)));
        } catch (Throwable failure) {
            if (closed) {
                return new ModelState.Failed(new ServerStoppingException());
            }
            LOG.warn("Model {} cannot be loaded: {}", model.name(), failure.toString());
            return new ModelState.Failed(failure);
        }
    }

    private void throwIfClosed() {
        if (closed) {
            throw new ServerStoppingException();
        }
    }

    private final class Progress implements LoadListener {
        private final ServedModel model;

        Progress(ServedModel model) {
            this.model = model;
        }

        @Override
        public void loaded(int done, int total) {
            throwIfClosed();
            model.become(new ModelState.Loading(done, total));
        }

        @Override
        public void downloaded(long done, long total) {
            throwIfClosed();
        }
    }
}
