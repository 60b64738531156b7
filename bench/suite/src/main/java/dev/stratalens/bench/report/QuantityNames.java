package dev.stratalens.bench.report;

/** Names of the quantities that have targets. */
public final class QuantityNames {

    public static final String EFFICIENCY = "bare work / whole lens";
    public static final String OVERHEAD = "overhead";
    public static final String OVERHEAD_SHARE = "overhead / lens in the server";
    public static final String STREAM_SHARE = "stream / V2 JSON";
    public static final String GROWTH_OF_MEMORY = "growth during a request";
    public static final String GAIN_SHARE = "gain / what the packed pass allows";
    public static final String TAIL_SHARE = "latency p95 / p50";
    public static final String DIFFERENCE = "largest difference of a log-prob to one caller's";
    public static final String OTHER_TOKENS = "other tokens than one caller's";
    public static final String WRITING_SHARE = "with the lens / without";
    public static final String RISE = "without attention, relative to the shortest";

    public static String ratioOf(String peer) {
        return peer + " / stratalens";
    }

    private QuantityNames() {}
}
