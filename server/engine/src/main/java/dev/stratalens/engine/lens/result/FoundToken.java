package dev.stratalens.engine.lens.result;

import java.util.OptionalInt;

/**
 * The token after the last one of a plan.
 *
 * @param logProbability that the model gave it
 * @param settledFrom the first block of the plan from which on the first lens had it as its best at every block; empty if never
 */
public record FoundToken(int id, float logProbability, OptionalInt settledFrom) {}
