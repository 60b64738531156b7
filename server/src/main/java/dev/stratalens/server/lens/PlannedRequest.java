package dev.stratalens.server.lens;

import dev.stratalens.server.text.TokenizedText;

/**
 * A request that was held against a model.
 *
 * @param plan what to compute
 * @param prompt the prompt's tokens; their byte ranges are empty arrays if the prompt was given as ids
 */
public record PlannedRequest(LensPlan plan, TokenizedText prompt) {}
