package dev.stratalens.cli.analysis;

import java.util.Locale;

/** What a curve of a token shows. */
public enum CurveMeasure {
    /** Probability, 0 to 1. */
    PROBABILITY,
    /** Natural logarithm of the probability. */
    LOG_PROBABILITY,
    /** Rank in the vocabulary. */
    RANK,
    /** Log-odds against an anti-target. */
    LOG_ODDS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
