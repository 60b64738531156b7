package dev.stratalens.server.watch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A line of the log for each request. A flood of requests that fail before they run gets a bounded number of lines, and one
 * that counts the others.
 */
public final class RequestLog implements RequestWatch {

    /** Time between two calls of {@link #look}. */
    public static final Duration PERIOD = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final int REFUSALS = 20;
    /** A caller must not be able to fill the log. */
    private static final int MAX_TEXT = 200;

    /** Since the last look. */
    private final AtomicLong refusals = new AtomicLong();

    @Override
    public void ended(RequestFacts facts) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        if (!facts.wasRefused() || refusals.incrementAndGet() <= REFUSALS) {
            new StructuredLine(facts.origin().rpc() + " " + facts.outcome().code(), fields(facts)).write(LOG::info);
        }
    }

    /** Counts the lines that were left out, and begins anew. */
    public void look() {
        long leftOut = refusals.getAndSet(0) - REFUSALS;
        if (leftOut > 0) {
            LOG.info("{} more requests were refused within {} s; they have no line.", leftOut, PERIOD.toSeconds());
        }
    }

    private static Map<String, Object> fields(RequestFacts facts) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", facts.origin().id());
        put(fields, "client_id", facts.subject().clientId());
        put(fields, "trace_id", facts.origin().trace().traceId());
        put(fields, "principal", facts.principal());
        put(fields, "peer", facts.origin().peer());
        put(fields, "model", facts.subject().model());
        facts.work().ifPresent(work -> {
            fields.put("tokens", work.tokens());
            if (work.generated() > 0) {
                fields.put("generated", work.generated());
            }
            fields.put("lenses", work.lenses());
            fields.put("layers", work.layers());
            fields.put("queue_ms", millis(work.queued()));
            fields.put("forward_ms", millis(work.forward()));
            fields.put("lens_ms", millis(work.lens()));
        });
        fields.put("duration_ms", millis(facts.duration()));
        fields.put("sent_bytes", facts.sentBytes());
        fields.put("outcome", facts.outcome().code());
        put(fields, "reason", facts.outcome().reason());
        put(fields, "error", facts.outcome().message());
        return fields;
    }

    private static void put(Map<String, Object> fields, String key, String text) {
        if (!text.isEmpty()) {
            fields.put(key, text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text);
        }
    }

    /** With a digit behind the point: many phases take less than a millisecond. */
    static double millis(Duration time) {
        return Math.round(time.toNanos() / 100_000.0) / 10.0;
    }
}
