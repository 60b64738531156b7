package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.tensor.Device;
import java.util.Map;

/**
 * The outcome of a {@link PlacementPolicy}.
 *
 * @param placement devices of the parts
 * @param weightBytes on each device
 */
public record PlacedParts(Placement placement, Map<Device, Long> weightBytes) {}
