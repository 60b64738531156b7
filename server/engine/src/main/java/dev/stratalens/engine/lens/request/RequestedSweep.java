package dev.stratalens.engine.lens.request;

/**
 * Asks for one intervention at each block and position of its rows alone, and one number for each.
 *
 * @param intervention its rows are the grid
 * @param heads whether the heads of a row are changed together
 * @param metric the number of each cell
 */
public record RequestedSweep(RequestedIntervention intervention, Heads heads, RequestedEffect.Metric metric) {

    /** What one cell changes at the site of attention heads. */
    public enum Heads {
        /** All heads of the rows together. */
        TOGETHER,
        /** One head. */
        EACH
    }
}
