package dev.stratalens.server.telemetry;

import dev.stratalens.server.watch.RequestFacts;
import dev.stratalens.server.watch.RequestWatch;
import dev.stratalens.server.watch.TraceContext;
import dev.stratalens.server.watch.Work;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;

/** Makes the spans of a request when it has ended: all their times are known then, and nothing is done while it runs. */
final class RequestSpans implements RequestWatch {

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system.name");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<String> CODE = AttributeKey.stringKey("rpc.response.status_code");
    private static final AttributeKey<String> ID = AttributeKey.stringKey("stratalens.request.id");
    private static final AttributeKey<String> PRINCIPAL = AttributeKey.stringKey("stratalens.principal");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("stratalens.model");
    private static final AttributeKey<Long> TOKENS = AttributeKey.longKey("stratalens.tokens");
    private static final AttributeKey<Long> CELLS = AttributeKey.longKey("stratalens.cells");

    private final Tracer tracer;
    private final RequestWatch next;

    RequestSpans(Tracer tracer, RequestWatch next) {
        this.tracer = tracer;
        this.next = next;
    }

    @Override
    public void ended(RequestFacts facts) {
        Instant begin = facts.origin().received();
        Instant end = begin.plus(facts.duration());
        Span request = tracer.spanBuilder(facts.origin().method())
                .setParent(parent(facts.origin().trace()))
                .setSpanKind(SpanKind.SERVER)
                .setStartTimestamp(begin)
                .setAttribute(SYSTEM, "grpc")
                .setAttribute(METHOD, facts.origin().method())
                .setAttribute(CODE, facts.outcome().code())
                .setAttribute(ID, facts.origin().id())
                .setAttribute(PRINCIPAL, facts.principal())
                .setAttribute(MODEL, facts.subject().model())
                .startSpan();
        if (!facts.outcome().isOk()) {
            request.setStatus(StatusCode.ERROR, facts.outcome().message());
        }
        facts.work().ifPresent(work -> {
            request.setAttribute(TOKENS, (long) work.tokens()).setAttribute(CELLS, work.cells());
            phases(work, Context.root().with(request), begin, end);
        });
        request.end(end);
        SpanContext place = request.getSpanContext();
        next.ended(facts.at(new TraceContext(place.getTraceId(), place.getSpanId(), place.isSampled())));
    }

    private void phases(Work work, Context request, Instant begin, Instant end) {
        Instant at = phase("queue", request, begin, work.queued());
        if (work.isComplete()) {
            at = phase("forward", request, at, work.forward());
            at = phase("head", request, at, work.lens());
            phase("stream", request, at, Duration.between(at, end));
        }
    }

    private Instant phase(String name, Context request, Instant begin, Duration time) {
        Instant end = time.isNegative() ? begin : begin.plus(time);
        SpanBuilder span = tracer.spanBuilder(name).setParent(request).setStartTimestamp(begin);
        span.startSpan().end(end);
        return end;
    }

    private static Context parent(TraceContext caller) {
        return caller.equals(TraceContext.NONE)
                ? Context.root()
                : Context.root()
                        .with(Span.wrap(SpanContext.createFromRemoteParent(
                                caller.traceId(),
                                caller.spanId(),
                                caller.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                                TraceState.getDefault())));
    }
}
