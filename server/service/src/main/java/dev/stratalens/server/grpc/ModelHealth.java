package dev.stratalens.server.grpc;

import dev.stratalens.server.grpc.access.CallerModels;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.threads.SupervisedThread;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The standard health service: one entry per model name; the server as a whole, and the lens service, serve once no model
 * of the start is loading and at least one answers requests. A model that is not in memory answers, though the first
 * request waits for it; one that could not be loaded does not, until it has been. Nothing serves while a thread is down that
 * everything depends on. Thread-safe.
 */
public final class ModelHealth {

    private final HealthStatusManager health = new HealthStatusManager();
    private final ModelRegistry registry;
    private final List<SupervisedThread> threads;
    private volatile boolean stopped;

    /** @param threads without which nothing is answered */
    public ModelHealth(ModelRegistry registry, List<SupervisedThread> threads) {
        this.registry = registry;
        this.threads = List.copyOf(threads);
        registry.models().forEach(model -> model.observe(state -> update()));
        this.threads.forEach(thread -> thread.observe(this::update));
    }

    /** To be added to the server. */
    public ServerServiceDefinition service() {
        return HealthList.addTo(
                health.getHealthService().bindService(),
                () -> statuses(CallerModels.current(registry).all()));
    }

    /** Says NOT_SERVING from now on, in every state of the models. */
    public void stop() {
        stopped = true;
        health.enterTerminalState();
    }

    /** Whether everything that the server depends on runs; whatever the models do, and while it drains. */
    public boolean isLive() {
        return threads.stream().allMatch(SupervisedThread::isUp);
    }

    /** Whether requests should come now. */
    public boolean isServing() {
        List<NamedModel> models = registry.models();
        return !stopped
                && isLive()
                && models.stream().noneMatch(NamedModel::isStarting)
                && models.stream().anyMatch(ModelHealth::answers);
    }

    /** One at a time, so that what was seen last is said last. */
    private synchronized void update() {
        statuses(registry.models()).forEach(health::setStatus);
    }

    /** Of the whole server, and of some of its models. */
    private Map<String, ServingStatus> statuses(List<NamedModel> models) {
        Map<String, ServingStatus> statuses = new HashMap<>();
        boolean live = !stopped && isLive();
        models.forEach(model -> statuses.put(model.name(), status(live && answers(model))));
        ServingStatus serving = status(isServing());
        statuses.put(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, serving);
        statuses.put(LensServiceGrpc.SERVICE_NAME, serving);
        return statuses;
    }

    private static boolean answers(NamedModel model) {
        return !model.isStarting() && !(model.state() instanceof ServingState.Failed);
    }

    private static ServingStatus status(boolean serving) {
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }
}
