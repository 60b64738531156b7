package dev.stratalens.cli.bench;

/** Names of the quantities that have targets. */
final class Quantity {

    static final String EFFICIENCY = "bare work / whole lens";
    static final String OVERHEAD = "overhead";
    static final String OVERHEAD_SHARE = "overhead / lens in this process";

    private Quantity() {}
}
