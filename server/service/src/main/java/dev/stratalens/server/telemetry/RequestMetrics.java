package dev.stratalens.server.telemetry;

import dev.stratalens.server.watch.RequestFacts;
import dev.stratalens.server.watch.RequestWatch;
import dev.stratalens.server.watch.Work;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.time.Duration;
import java.util.List;

/** Counts requests and measures their phases. No label has more values than the server has models, rpcs and reasons. */
final class RequestMetrics implements RequestWatch {

    static final AttributeKey<String> MODEL = AttributeKey.stringKey("model");
    private static final AttributeKey<String> RPC = AttributeKey.stringKey("rpc");
    private static final AttributeKey<String> CODE = AttributeKey.stringKey("code");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("reason");
    private static final AttributeKey<String> PHASE = AttributeKey.stringKey("phase");
    private static final List<Double> SECONDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0);

    private final LongCounter requests;
    private final LongCounter refusals;
    private final LongCounter tokens;
    private final LongCounter generated;
    private final LongCounter cells;
    private final DoubleHistogram duration;
    private final DoubleHistogram phases;

    RequestMetrics(Meter meter) {
        requests = counter(meter, "stratalens.requests", "Requests that ended, by how they ended.");
        refusals = counter(meter, "stratalens.refusals", "Requests that were refused before they ran, by reason.");
        tokens = counter(meter, "stratalens.tokens", "Tokens of the prompts that were computed.");
        generated = counter(meter, "stratalens.generated.tokens", "Tokens that models have generated.");
        cells = counter(meter, "stratalens.cells", "Cells that were computed.");
        duration = seconds(meter, "stratalens.request.duration", "Time from a request's arrival to its last byte.");
        phases = seconds(
                meter, "stratalens.phase.duration", "Time that a request took in the queue, forward pass or lens.");
    }

    private static LongCounter counter(Meter meter, String name, String description) {
        return meter.counterBuilder(name).setDescription(description).build();
    }

    private static DoubleHistogram seconds(Meter meter, String name, String description) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    @Override
    public void ended(RequestFacts facts) {
        Attributes model = Attributes.of(MODEL, facts.subject().model());
        String code = facts.outcome().code();
        requests.add(
                1,
                model.toBuilder().put(RPC, facts.origin().rpc()).put(CODE, code).build());
        duration.record(
                seconds(facts.duration()),
                model.toBuilder().put(RPC, facts.origin().rpc()).build());
        if (facts.wasRefused()) {
            String reason = facts.outcome().reason();
            refusals.add(
                    1,
                    model.toBuilder()
                            .put(REASON, reason.isEmpty() ? code : reason)
                            .build());
        }
        facts.work().ifPresent(work -> count(work, model));
    }

    private void count(Work work, Attributes model) {
        record("queue", work.queued(), model);
        if (work.generated() > 0) {
            generated.add(work.generated(), model);
        }
        if (work.isComplete()) {
            record("forward", work.forward(), model);
            record("lens", work.lens(), model);
            tokens.add(work.tokens(), model);
            cells.add(work.cells(), model);
        }
    }

    private void record(String phase, Duration time, Attributes model) {
        phases.record(seconds(time), model.toBuilder().put(PHASE, phase).build());
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
