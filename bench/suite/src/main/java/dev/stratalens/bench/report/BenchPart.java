package dev.stratalens.bench.report;

import java.util.Locale;

/** Parts of the bench, in the order in which they run. */
public enum BenchPart {
    SPEED("From the request to the complete result: every layer, position and statistic, trajectories, over gRPC"),
    EFFICIENCY("The bare forward pass and products as a share of the whole lens, in one process"),
    OVERHEAD("What gRPC and the client add to the lens"),
    CLIENT("What the Java client adds to bare generated stubs that drop every message"),
    GENERATE("Tokens that a model writes, each with its lens at every layer, in one process"),
    CONCURRENCY("Several callers at once"),
    MEMORY("Anonymous memory of the server during a request, beyond what it held before"),
    START("From nothing to the first answer"),
    PEERS("Other tools on the same prompts, as multiples of the time of the server"),
    GROWTH("Time per token at long prompts"),
    OVERLOAD("More requests than the server can answer, which come whether or not others are answered"),
    SOAK("A mixed load for a long time: what the server holds early and at the end");

    private final String title;

    BenchPart(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
