package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.text.TokenizedText;

/**
 * A request that was held against a model.
 *
 * @param plan what to compute
 * @param prompt the prompt's tokens; their byte ranges are empty arrays if the prompt was given as ids
 */
public record PlannedRequest(LensPlan plan, TokenizedText prompt) {}
