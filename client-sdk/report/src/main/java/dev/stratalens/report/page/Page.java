package dev.stratalens.report.page;

import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerColumns;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.client.result.TrackedColumns;
import dev.stratalens.report.file.RunJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The cells and trajectories of some neighbouring positions, as {@code docs/viewer-file.md} lays them out: position by
 * position and, within one, along the layers, where neighbours are alike.
 */
final class Page {

    private final ResultColumns result;
    private final int[] vocabulary;
    private final int from;
    private final int to;
    private final int layers;
    private final List<int[]> occurring = new ArrayList<>();

    /**
     * Positions {@code from .. to - 1}, counted among the asked ones.
     *
     * @param vocabulary every id that occurs, ascending
     */
    Page(ResultColumns result, int[] vocabulary, int from, int to) {
        this.result = result;
        this.vocabulary = vocabulary;
        this.from = from;
        this.to = to;
        this.layers = result.layers().size();
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
        int k = result.info().k();
        floats(planes, k, (layer, position, place) -> layer.logProbs()[position * k + place]);
        column(planes, Statistic.LOG_SUM_EXP);
        for (Statistic statistic : RunJson.beside(result.info())) {
            column(planes, statistic);
        }
        targets(planes);
        tracked(planes);
        return planes.bytes();
    }

    /** The ids of a position: in a top-k or followed; ascending. */
    private int[] occurringAt(int position) {
        TreeSet<Integer> ids = new TreeSet<>();
        int k = result.info().k();
        for (LayerColumns layer : result.layers()) {
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
        return result.tracked().isEmpty()
                ? new int[0]
                : result.tracked().get(position).ids();
    }

    /** From each occurring id to the next, counted in the vocabulary; the first of a position from 0. */
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

    /** Of each prediction the index among its position's ids. */
    private int[] places() {
        int k = result.info().k();
        int[] places = new int[(to - from) * layers * k];
        int next = 0;
        for (int position = from; position < to; position++) {
            for (LayerColumns layer : result.layers()) {
                for (int place = 0; place < k; place++) {
                    places[next++] =
                            Arrays.binarySearch(occurring.get(position - from), layer.ids()[position * k + place]);
                }
            }
        }
        return places;
    }

    /** A plane of NaN where the statistic was not asked for. */
    private void column(BytePlanes planes, Statistic statistic) {
        floats(planes, 1, (layer, position, place) -> {
            float[] values = layer.column(statistic);
            return values.length == 0 ? Float.NaN : values[position];
        });
    }

    private void targets(BytePlanes planes) {
        int count = result.info().targets().size();
        for (int m = 0; m < count; m++) {
            int target = m;
            planes.integers(
                    (to - from) * layers,
                    i -> result.layers().get(i % layers).targetRanks()[(from + i / layers) * count + target]);
            floats(planes, 1, (layer, position, place) -> layer.targetLogProbs()[position * count + target]);
        }
    }

    /** One row of all layers for each followed id. */
    private void tracked(BytePlanes planes) {
        if (!result.info().hasTrajectories()) {
            return;
        }
        List<TrackedColumns> columns = result.tracked().subList(from, to);
        int[] bits = columns.stream()
                .flatMapToInt(column -> {
                    float[] values = column.logProbs();
                    int[] row = new int[values.length];
                    Arrays.setAll(row, i -> Float.floatToIntBits(values[i]));
                    return Arrays.stream(row);
                })
                .toArray();
        planes.integers(bits.length, i -> bits[i]);
    }

    private interface CellValue {
        float get(LayerColumns layer, int position, int place);
    }

    private void floats(BytePlanes planes, int width, CellValue value) {
        planes.floats(
                (to - from) * layers * width,
                i -> value.get(result.layers().get(i / width % layers), from + i / width / layers, i % width));
    }
}
