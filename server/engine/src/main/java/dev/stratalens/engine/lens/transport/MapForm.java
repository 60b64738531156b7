package dev.stratalens.engine.lens.transport;

/** What the matrix A and the bias b of a map do to a row h of the residual stream. */
public enum MapForm {
    /** {@code h + A h + b}: a tuned lens, whose matrix is near zero. */
    RESIDUAL,
    /** {@code A h + b}: a Jacobian lens, whose matrix is near the identity. */
    PLAIN
}
