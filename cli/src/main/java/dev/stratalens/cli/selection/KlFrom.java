package dev.stratalens.cli.selection;

import dev.stratalens.client.request.Statistic;

/** From what the divergence is taken. */
public enum KlFrom {
    /** The model's own output. */
    FINAL,
    /** The next asked layer. */
    NEXT;

    /** The statistic that says it. */
    public Statistic statistic() {
        return this == FINAL ? Statistic.KL_FROM_FINAL : Statistic.KL_FROM_NEXT;
    }

    @Override
    public String toString() {
        return this == FINAL ? "final" : "next";
    }
}
