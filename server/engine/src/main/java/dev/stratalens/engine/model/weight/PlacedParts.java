package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.tensor.Device;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a {@link PlacementPolicy}.
 *
 * @param placement devices of the parts
 * @param heads every device that can afford the head, the reading one first
 * @param weightBytes on each device, with one head
 */
public record PlacedParts(Placement placement, List<Device> heads, Map<Device, Long> weightBytes) {}
