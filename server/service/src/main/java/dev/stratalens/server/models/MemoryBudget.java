package dev.stratalens.server.models;

import dev.stratalens.engine.lens.LensEngine;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.error.ModelMemoryException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.threads.Callback;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that the weights of some models may take together. Makes room for one by unloading others that no request holds, the least
 * recently used first. Room is made on the loading thread alone, so that nothing else takes it; the rest is thread-safe.
 *
 * @param models all that share it
 * @param bytes of this machine's memory
 */
record MemoryBudget(Collection<NamedModel> models, long bytes) {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

    /** A request holds its model for a moment after its caller has the result, and closing an engine takes another. */
    private static final Duration LETTING_GO = Duration.ofMillis(500);

    private static final long LOOK_MILLIS = 5;

    /** What the weights of all models take, or are about to. */
    long taken() {
        return models.stream().mapToLong(NamedModel::memoryBytes).sum();
    }

    /** The same on one device. */
    long takenOn(Device device) {
        return models.stream()
                .mapToLong(model -> model.deviceBytes().getOrDefault(device, 0L))
                .sum();
    }

    /**
     * Unloads others until a model fits.
     *
     * @param needed bytes of its weights
     * @throws ModelMemoryException if it does not fit, even after a moment
     */
    void makeRoom(NamedModel model, long needed) {
        long patience = System.nanoTime() + LETTING_GO.toNanos();
        while (needed > bytes - takenBeside(model)) {
            Optional<NamedModel> oldest = needed > bytes ? Optional.empty() : leastRecentlyUsed();
            if (oldest.isPresent()) {
                unload(oldest.get(), model);
            } else if (needed > bytes || System.nanoTime() > patience) {
                throw new ModelMemoryException(model.name(), needed, bytes, holders(model));
            } else {
                lookAgainSoon();
            }
        }
        model.needs(needed);
    }

    /**
     * As {@link #makeRoom}, for memory of cards, which is measured, not computed: the caller looks again.
     *
     * @param homeless number of blocks that have no room if each card has so many more bytes free
     * @return whether models were unloaded
     */
    boolean makeRoomOnCards(NamedModel model, ToIntFunction<Map<Device, Long>> homeless) {
        long patience = System.nanoTime() + LETTING_GO.toNanos();
        List<NamedModel> wanted = CardRoom.made(onCardsBeside(model), NamedModel::cardBytes, homeless);
        while (!wanted.stream().allMatch(NamedModel::isIdle) && System.nanoTime() < patience) {
            lookAgainSoon();
        }
        List<NamedModel> idle =
                onCardsBeside(model).stream().filter(NamedModel::isIdle).toList();
        List<NamedModel> leaving = CardRoom.made(idle, NamedModel::cardBytes, homeless);
        leaving.forEach(one -> unload(one, model));
        return !leaving.isEmpty();
    }

    /** Closes the engine of a model that nothing uses. */
    static void free(NamedModel model, LensEngine engine) {
        Callback.run("the closing of model " + model.name(), engine::close);
        model.freed();
    }

    /** Loaded models with weights on cards, the least recently used first. */
    private List<NamedModel> onCardsBeside(NamedModel model) {
        return models.stream()
                .filter(other -> other != model && other.state() instanceof ServingState.Ready)
                .filter(other -> !other.cardBytes().isEmpty())
                .sorted(Comparator.comparing(NamedModel::unusedFor).reversed())
                .toList();
    }

    /** Does nothing if a request took the model meanwhile. */
    private static void unload(NamedModel idle, NamedModel other) {
        idle.takeIfIdle().ifPresent(engine -> {
            LOG.info("Unloading {} to make room for {}", idle.name(), other.name());
            free(idle, engine);
        });
    }

    private static void lookAgainSoon() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStoppingException();
        }
    }

    private long takenBeside(NamedModel model) {
        return taken() - model.memoryBytes();
    }

    private Optional<NamedModel> leastRecentlyUsed() {
        return models.stream().filter(NamedModel::isIdle).max(Comparator.comparing(NamedModel::unusedFor));
    }

    private List<ModelMemoryException.Holder> holders(NamedModel model) {
        return models.stream()
                .filter(other -> other != model && other.memoryBytes() > 0)
                .sorted(Comparator.comparing(NamedModel::name))
                .map(other -> new ModelMemoryException.Holder(other.name(), other.memoryBytes()))
                .toList();
    }
}
