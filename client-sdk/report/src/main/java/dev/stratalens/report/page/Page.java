package dev.stratalens.report.page;

import dev.stratalens.client.internal.result.LayerColumns;
import dev.stratalens.client.internal.result.LensColumns;
import dev.stratalens.client.internal.result.TrackedColumns;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.ResultInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The cells and trajectories of some neighboring positions, in the layout of {@code docs/viewer-file.md}: by position,
 * then by layer, since neighboring layers are similar.
 */
final class Page {

    private final ResultInfo info;
    private final LensColumns lens;
    private final int[] vocabulary;
    private final int from;
    private final int to;
    private final int layers;
    private final List<int[]> occurring = new ArrayList<>();

    /**
     * Positions {@code from .. to - 1} of the requested ones.
     *
     * @param vocabulary every id that occurs, ascending
     */
    Page(ResultInfo info, LensColumns lens, int[] vocabulary, int from, int to) {
        this.info = info;
        this.lens = lens;
        this.vocabulary = vocabulary;
        this.from = from;
        this.to = to;
        this.layers = lens.layers().size();
        for (int position = from; position < to; position++) {
            occurring.add(occurringAt(position));
        }
    }

    byte[] bytes() {
        BytePlanes planes = new BytePlanes();
        planes.integers(occurring.size(), i -> occurring.get(i).length);
        int[] steps = steps();
        planes.integers(steps.length, i -> steps[i]);
        int[] followed = followed();
        planes.integers(followed.length, i -> followed[i]);
        int[] places = places();
        planes.integers(places.length, i -> places[i]);
        int k = info.k();
        floats(planes, k, (layer, position, place) -> layer.logProbs()[position * k + place]);
        for (Statistic statistic : info.statistics()) {
            floats(planes, 1, (layer, position, place) -> layer.column(statistic)[position]);
        }
        targets(planes);
        tracked(planes);
        return planes.bytes();
    }

    /** The ids of a position: in a top-k or tracked; ascending. */
    private int[] occurringAt(int position) {
        TreeSet<Integer> ids = new TreeSet<>();
        int k = info.k();
        for (LayerColumns layer : lens.layers()) {
            for (int place = 0; place < k; place++) {
                ids.add(layer.ids()[position * k + place]);
            }
        }
        for (int id : trackedIds(position)) {
            ids.add(id);
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private int[] trackedIds(int position) {
        return lens.tracked().isEmpty()
                ? new int[0]
                : lens.tracked().get(position).ids();
    }

    /**
     * Difference of each occurring id's index in the vocabulary from the one before; the first of a position from 0.
     */
    private int[] steps() {
        return occurring.stream()
                .flatMapToInt(ids -> {
                    int[] steps = new int[ids.length];
                    int before = 0;
                    for (int i = 0; i < ids.length; i++) {
                        int at = Arrays.binarySearch(vocabulary, ids[i]);
                        steps[i] = at - before;
                        before = at;
                    }
                    return Arrays.stream(steps);
                })
                .toArray();
    }

    /** Whether each occurring id has a trajectory. */
    private int[] followed() {
        List<Integer> flags = new ArrayList<>();
        for (int position = from; position < to; position++) {
            int[] tracked = trackedIds(position);
            for (int id : occurring.get(position - from)) {
                flags.add(Arrays.binarySearch(tracked, id) >= 0 ? 1 : 0);
            }
        }
        return flags.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Index of each prediction among the ids of its position. */
    private int[] places() {
        int k = info.k();
        int[] places = new int[(to - from) * layers * k];
        int next = 0;
        for (int position = from; position < to; position++) {
            for (LayerColumns layer : lens.layers()) {
                for (int place = 0; place < k; place++) {
                    places[next++] =
                            Arrays.binarySearch(occurring.get(position - from), layer.ids()[position * k + place]);
                }
            }
        }
        return places;
    }

    private void targets(BytePlanes planes) {
        int count = info.targets().size();
        for (int m = 0; m < count; m++) {
            int target = m;
            planes.integers(
                    (to - from) * layers,
                    i -> lens.layers().get(i % layers).targetRanks()[(from + i / layers) * count + target]);
            floats(planes, 1, (layer, position, place) -> layer.targetLogProbs()[position * count + target]);
        }
    }

    /** One row of all layers for each tracked id. */
    private void tracked(BytePlanes planes) {
        if (!info.hasTrajectories()) {
            return;
        }
        int rows = lens.tracked().subList(from, to).stream()
                .mapToInt(column -> column.logProbs().length)
                .sum();
        float[] values = new float[rows];
        int at = 0;
        for (TrackedColumns column : lens.tracked().subList(from, to)) {
            System.arraycopy(column.logProbs(), 0, values, at, column.logProbs().length);
            at += column.logProbs().length;
        }
        planes.floats(values);
    }

    private interface CellValue {
        float get(LayerColumns layer, int position, int place);
    }

    private void floats(BytePlanes planes, int width, CellValue value) {
        float[] values = new float[(to - from) * layers * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = value.get(lens.layers().get(i / width % layers), from + i / width / layers, i % width);
        }
        planes.floats(values);
    }
}
