package dev.stratalens.server.telemetry;

import dev.stratalens.engine.tensor.Device;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.server.scheduling.LensScheduler;
import dev.stratalens.server.scheduling.PassCount;
import dev.stratalens.server.scheduling.QueueState;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.LongGaugeBuilder;
import io.opentelemetry.api.metrics.Meter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What a server holds, looked at whenever the metrics are read: nothing that computes knows of it. */
final class ServerGauges {

    private static final AttributeKey<String> STATE = AttributeKey.stringKey("state");
    private static final AttributeKey<String> DEVICE = AttributeKey.stringKey("device");

    private static final List<String> STATES = List.of("not_loaded", "loading", "ready", "unloading", "failed");

    private final Meter meter;
    private final ModelRegistry registry;
    private final LensScheduler scheduler;

    private ServerGauges(Meter meter, Observed server) {
        this.meter = meter;
        registry = server.registry();
        scheduler = server.scheduler();
    }

    static void register(Meter meter, Observed server) {
        ServerGauges gauges = new ServerGauges(meter, server);
        gauges.queues();
        gauges.models();
        gauge(meter, "stratalens.outbound.waiting", "By", "Bytes of responses that wait for their readers.")
                .buildWithCallback(now -> now.record(server.unreadBytes().getAsLong()));
        meter.counterBuilder("stratalens.lines.lost")
                .setDescription("Lines about requests that neither log nor audit log could take.")
                .buildWithCallback(now -> now.record(server.lostLines().getAsLong()));
    }

    private void queues() {
        queue("stratalens.queue.waiting", "Requests that wait.", QueueState::waiting);
        queue("stratalens.queue.running", "Requests of the pass that runs.", QueueState::running);
        passes("stratalens.passes", "Passes that began.", PassCount::passes);
        passes("stratalens.pass.requests", "Requests in the passes that began.", PassCount::requests);
        passes("stratalens.pass.tokens", "Tokens in the passes that began.", PassCount::tokens);
    }

    private void queue(String name, String description, ToLongFunction<QueueState> value) {
        gauge(meter, name, "", description)
                .buildWithCallback(now -> registry.models()
                        .forEach(model -> now.record(value.applyAsLong(scheduler.state(model)), labels(model))));
    }

    private void passes(String name, String description, ToLongFunction<PassCount> value) {
        meter.counterBuilder(name)
                .setDescription(description)
                .buildWithCallback(now -> registry.models()
                        .forEach(model -> now.record(
                                value.applyAsLong(scheduler.state(model).passes()), labels(model))));
    }

    private void models() {
        gauge(meter, "stratalens.model.state", "", "1 for the state of a model, 0 for the others.")
                .buildWithCallback(now -> registry.models().forEach(model -> {
                    String state = name(model.state());
                    STATES.forEach(other -> now.record(
                            other.equals(state) ? 1 : 0,
                            labels(model).toBuilder().put(STATE, other).build()));
                }));
        gauge(meter, "stratalens.model.memory", "By", "Memory of a model's weights.")
                .buildWithCallback(now -> registry.models().forEach(model -> {
                    Map<Device, Long> bytes = new HashMap<>(model.deviceBytes());
                    bytes.putIfAbsent(Device.CPU, 0L);
                    bytes.forEach((device, taken) -> now.record(
                            taken,
                            labels(model).toBuilder().put(DEVICE, device.name()).build()));
                }));
        gauge(meter, "stratalens.model.tensors", "", "Tensors of a model outside the heap, weights included.")
                .buildWithCallback(
                        now -> registry.models().forEach(model -> now.record(model.openTensors(), labels(model))));
        if (registry.budgetBytes() != ModelRegistry.UNBOUNDED) {
            gauge(meter, "stratalens.memory.budget", "By", "Memory that the weights of all models may take.")
                    .buildWithCallback(
                            now -> now.record(registry.budgetBytes(), Attributes.of(DEVICE, Device.CPU.name())));
        }
    }

    static LongGaugeBuilder gauge(Meter meter, String name, String unit, String description) {
        return meter.gaugeBuilder(name).ofLongs().setUnit(unit).setDescription(description);
    }

    private static Attributes labels(NamedModel model) {
        return Attributes.of(RequestMetrics.MODEL, model.name());
    }

    private static String name(ServingState state) {
        if (state instanceof ServingState.Ready) {
            return "ready";
        }
        if (state instanceof ServingState.Loading) {
            return "loading";
        }
        if (state instanceof ServingState.Unloading) {
            return "unloading";
        }
        return state instanceof ServingState.Failed ? "failed" : "not_loaded";
    }
}
