package dev.stratalens.engine.architecture.mixer;

/**
 * Factors on the residual stream and on a branch when they are added.
 *
 * @param stream on the stream
 * @param branch on the branch
 */
public record Balance(double stream, double branch) {

    /** Both unchanged. */
    public static final Balance EVEN = new Balance(1, 1);
}
