package dev.stratalens.server.config;

import dev.stratalens.server.models.LoadPolicy;

/**
 * A model to serve.
 *
 * @param source where it comes from
 * @param load when it is loaded first
 */
public record ConfiguredModel(ModelSource source, LoadPolicy load) {}
