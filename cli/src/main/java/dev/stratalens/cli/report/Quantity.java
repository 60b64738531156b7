package dev.stratalens.cli.report;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.analysis.LensGrid;
import dev.stratalens.report.analysis.LensViews;
import dev.stratalens.report.figure.ColorMode;

/** What a cell's distribution is like, whatever its tokens are. */
public enum Quantity {
    /** KL divergence of the final distribution from the layer's. */
    KL("kl_from_final", "kl", "KL to final (nats)", ColorMode.KL),
    /** KL divergence of the next asked layer's distribution from the layer's. */
    KL_NEXT("kl_from_next", "kl-next", "KL to next (nats)", ColorMode.KL_NEXT),
    /** Entropy. */
    ENTROPY("entropy", "entropy", "entropy (nats)", ColorMode.ENTROPY),
    /** Highest logit. */
    LOGIT("logit", "none", "logit of the best token", ColorMode.LOGIT);

    private final String key;
    private final String statistic;
    private final String label;
    private final ColorMode mode;

    Quantity(String key, String statistic, String label, ColorMode mode) {
        this.key = key;
        this.statistic = statistic;
        this.label = label;
        this.mode = mode;
    }

    /** Name of the number in JSON and CSV. */
    public String key() {
        return key;
    }

    /** The statistic to ask for, as {@code --stats} takes it. */
    public String statistic() {
        return statistic;
    }

    /** Name of the number on an axis. */
    String label() {
        return label;
    }

    /** What colours a heat map of it. */
    ColorMode mode() {
        return mode;
    }

    /** Reads it off a result. */
    public LensGrid of(LensResult result) {
        return switch (this) {
            case KL -> LensViews.klFromFinal(result);
            case KL_NEXT -> LensViews.klFromNext(result);
            case ENTROPY -> LensViews.entropy(result);
            case LOGIT -> LensViews.bestLogit(result);
        };
    }
}
