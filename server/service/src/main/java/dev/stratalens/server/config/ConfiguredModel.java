package dev.stratalens.server.config;

import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.server.models.LoadPolicy;

/**
 * A model to serve.
 *
 * @param source where it comes from
 * @param load when it is loaded first
 * @param device on which devices it may compute
 */
public record ConfiguredModel(ModelSource source, LoadPolicy load, DeviceChoice device) {}
