package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.tensor.Device;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The outcome of a {@link PlacementPolicy}.
 *
 * @param placement devices of the parts
 * @param weightBytes on each device
 */
public record PlacedParts(Placement placement, Map<Device, Long> weightBytes) {

    /**
     * With packed blocks.
     *
     * @param unpacked bytes of a block that is used, on each device with blocks
     */
    PlacedParts packed(long unpacked) {
        var bytes = new LinkedHashMap<>(weightBytes);
        placement.stages().stream()
                .map(Placement.Stage::device)
                .distinct()
                .forEach(device -> bytes.merge(device, unpacked, Long::sum));
        return new PlacedParts(placement.packed(), Map.copyOf(bytes));
    }
}
