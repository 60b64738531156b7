package dev.stratalens.cli.selection;

/** Which tokens are shown where none is named. */
public enum TrajectoryChoice {
    /** The prediction and its runners-up. */
    FINAL,
    /** Those with the highest probability in any layer. */
    PEAK;

    @Override
    public String toString() {
        return this == FINAL ? "final" : "peak";
    }
}
