package dev.stratalens.engine.lens.generation;

import java.util.OptionalLong;

/**
 * How a generation ended.
 *
 * @param count number of its tokens
 * @param seed of its random numbers; empty if there were none
 */
public record GenerationEnd(StopCause cause, int count, OptionalLong seed) {}
