package dev.stratalens.cli.option;

import dev.stratalens.client.request.Statistic;

/** From what the divergence is taken. */
public enum KlFrom {
    /** The model's own output. */
    FINAL(Statistic.KL_FROM_FINAL),
    /** The next asked layer. */
    NEXT(Statistic.KL_FROM_NEXT);

    private final Statistic statistic;

    KlFrom(Statistic statistic) {
        this.statistic = statistic;
    }

    /** The statistic that says it. */
    public Statistic statistic() {
        return statistic;
    }

    @Override
    public String toString() {
        return this == FINAL ? "final" : "next";
    }
}
