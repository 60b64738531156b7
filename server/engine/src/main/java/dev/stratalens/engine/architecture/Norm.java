package dev.stratalens.engine.architecture;

/**
 * Every norm of a decoder, the final one included.
 *
 * @param kind of all of them
 * @param epsilon added to the variance or mean square
 */
public record Norm(NormKind kind, double epsilon) {}
