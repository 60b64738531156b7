package dev.stratalens.server.grpc;

import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.ModelState;
import dev.stratalens.server.models.ServedModel;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;

/**
 * The standard health service: one entry per model name; the server as a whole, and the lens service, serve once no model
 * of the start is loading and at least one answers requests. A model that is not in memory answers, though the first
 * request waits for it; one that could not be loaded does not, until it has been.
 */
public final class ModelHealth {

    private final HealthStatusManager health = new HealthStatusManager();
    private final ModelRegistry registry;

    public ModelHealth(ModelRegistry registry) {
        this.registry = registry;
        registry.models().forEach(model -> model.observe(state -> update(model, state)));
    }

    /** To be added to the server. */
    public BindableService service() {
        return health.getHealthService();
    }

    /** Serves nothing from now on, whatever becomes of the models. */
    public void stop() {
        health.enterTerminalState();
    }

    private void update(ServedModel model, ModelState state) {
        health.setStatus(model.name(), status(answers(model, state)));
        boolean loading = registry.models().stream().anyMatch(ServedModel::isStarting);
        boolean ready = registry.models().stream().anyMatch(any -> answers(any, any.state()));
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status(ready && !loading));
        health.setStatus(LensServiceGrpc.SERVICE_NAME, status(ready && !loading));
    }

    private static boolean answers(ServedModel model, ModelState state) {
        return !model.isStarting() && !(state instanceof ModelState.Failed);
    }

    private static ServingStatus status(boolean serving) {
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }
}
