package dev.stratalens.engine.lens.fit;

/**
 * How far a fit is.
 *
 * @param done steps
 * @param total steps at most
 * @param measure how good it is, in words: a loss, or a change
 */
public record FitProgress(long done, long total, String measure) {}
