package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.result.ResultInfo;
import java.util.List;

/**
 * What one lens read, as it is stored.
 *
 * @param lens the lens
 * @param layers one a read point that the lens has, in order of depth
 * @param tracked one a position, in the order of {@link ResultInfo#positions()}; empty if there are no trajectories
 */
public record LensColumns(Lens lens, List<LayerColumns> layers, List<TrackedColumns> tracked) {

    /** Copies the lists. */
    public LensColumns {
        layers = List.copyOf(layers);
        tracked = List.copyOf(tracked);
    }
}
