package dev.stratalens.bench;

/** Names of the quantities that have targets. */
final class QuantityNames {

    static final String EFFICIENCY = "bare work / whole lens";
    static final String OVERHEAD = "overhead";
    static final String OVERHEAD_SHARE = "overhead / lens in the server";
    static final String STREAM_SHARE = "stream / V2 JSON";
    static final String GROWTH_OF_MEMORY = "growth during a request";
    static final String GAIN_SHARE = "gain / what the packed pass allows";
    static final String TAIL_SHARE = "latency p95 / p50";
    static final String DIFFERENCE = "largest difference of a log-prob to one caller's";
    static final String OTHER_TOKENS = "other tokens than one caller's";
    static final String RISE = "without attention, relative to the shortest";

    static String ratioOf(String peer) {
        return peer + " / stratalens";
    }

    private QuantityNames() {}
}
