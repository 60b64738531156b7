package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.result.ResultInfo;
import java.util.List;
import java.util.stream.IntStream;

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

    /** The same without read points inside blocks, for views that have a row for each layer. */
    public LensColumns layersAlone() {
        int[] kept = IntStream.range(0, layers.size())
                .filter(point -> layers.get(point).readPoint().isLayer())
                .toArray();
        return kept.length == layers.size()
                ? this
                : new LensColumns(
                        lens,
                        IntStream.of(kept).mapToObj(layers::get).toList(),
                        tracked.stream()
                                .map(each -> each.at(kept, layers.size()))
                                .toList());
    }
}
