package dev.stratalens.server.watch;

/**
 * A place in a trace (W3C Trace Context).
 *
 * @param traceId 32 hexadecimal digits; empty without a trace
 * @param spanId 16 hexadecimal digits; empty without a trace
 * @param sampled whether the trace is recorded
 */
public record TraceContext(String traceId, String spanId, boolean sampled) {

    public static final TraceContext NONE = new TraceContext("", "", false);
}
