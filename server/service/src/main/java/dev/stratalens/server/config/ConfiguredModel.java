package dev.stratalens.server.config;

import dev.stratalens.engine.device.DeviceChoice;
import dev.stratalens.server.models.LoadPolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model to serve.
 *
 * @param source where it comes from
 * @param load when it is loaded first
 * @param device on which devices it may compute
 * @param lenses its fitted lenses by name, in the order in which they are listed
 */
public record ConfiguredModel(
        ModelSource source, LoadPolicy load, DeviceChoice device, Map<String, LensSource> lenses) {

    /** Copies the lenses, in their order. */
    public ConfiguredModel {
        lenses = Collections.unmodifiableMap(new LinkedHashMap<>(lenses));
    }

    /** A model without fitted lenses. */
    public ConfiguredModel(ModelSource source, LoadPolicy load, DeviceChoice device) {
        this(source, load, device, Map.of());
    }
}
