package dev.stratalens.bench.soak;

import dev.stratalens.bench.report.Unit;

/** Something that a server holds, and how much more of it is none: caches fill up, and pools of threads breathe. */
public enum Holding {
    RESIDENT_MEMORY("resident memory", Unit.BYTES, 0.1, 32 << 20),
    HEAP("heap after a collection", Unit.BYTES, 0.1, 8 << 20),
    OPEN_FILES("open file descriptors", Unit.COUNT, 0, 8),
    THREADS("threads", Unit.COUNT, 0, 8),
    TENSORS("native tensors", Unit.COUNT, 0, 0);

    private final String title;
    private final Unit unit;
    private final double share;
    private final double amount;

    /**
     * A holding.
     *
     * @param share by which it may have grown
     * @param amount by which it may have grown, beside that
     */
    Holding(String title, Unit unit, double share, double amount) {
        this.title = title;
        this.unit = unit;
        this.share = share;
        this.amount = amount;
    }

    public String title() {
        return title;
    }

    public Unit unit() {
        return unit;
    }

    /** What counts as the same as so much at an earlier time. */
    public double most(double early) {
        return early * (1 + share) + amount;
    }
}
