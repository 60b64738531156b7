package dev.stratalens.client.internal.result;

import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensReading;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** A result over its columns, read through one of its lenses. */
final class ColumnResult implements LensResult {

    private final ResultColumns columns;
    private final LensColumns lens;
    private final LensReading reading;
    private final List<Integer> layers;
    /** Of each layer. */
    private final List<LayerResult> layerViews;
    /** Of each read point. */
    private final List<LayerResult> views;

    ColumnResult(ResultColumns columns, LensColumns lens) {
        this.columns = columns;
        this.lens = lens;
        this.reading = columns.info().reading(lens.lens());
        this.views = lens.layers().stream()
                .<LayerResult>map(layer -> new ColumnLayer(columns.info(), lens.lens(), layer, columns.vocabulary()))
                .toList();
        this.layerViews =
                views.stream().filter(view -> view.readPoint().isLayer()).toList();
        this.layers = layerViews.stream().map(LayerResult::layer).toList();
    }

    ResultColumns columns() {
        return columns;
    }

    LensColumns lensColumns() {
        return lens;
    }

    @Override
    public ResultInfo info() {
        return columns.info();
    }

    @Override
    public ResultSummary summary() {
        return columns.summary();
    }

    @Override
    public Lens lens() {
        return lens.lens();
    }

    @Override
    public LensResult through(Lens wanted) {
        int index = lenses().indexOf(wanted);
        if (index < 0) {
            throw new IllegalArgumentException("lens " + wanted + " was not asked for; this result has " + lenses());
        }
        return new ColumnResult(columns, columns.lenses().get(index));
    }

    @Override
    public List<Integer> layers() {
        return layers;
    }

    @Override
    public LayerResult layer(int layer) {
        int index = Collections.binarySearch(layers, layer);
        if (index < 0) {
            info().layerIndex(layer); // refuses what was not asked for
            throw notThere("layer " + layer);
        }
        return layerViews.get(index);
    }

    @Override
    public LayerResult at(ReadPoint readPoint) {
        int index = reading.readPoints().indexOf(readPoint);
        if (index < 0) {
            info().readPointIndex(readPoint); // refuses what was not asked for
            throw notThere(readPoint.toString());
        }
        return views.get(index);
    }

    private IllegalArgumentException notThere(String wanted) {
        return new IllegalArgumentException(
                "lens %s has no map for %s; it has the layers %s".formatted(lens(), wanted, layers));
    }

    @Override
    public LensReading reading() {
        return reading;
    }

    @Override
    public Optional<Trajectory> trajectory(int position, int tokenId) {
        int at = info().positionIndex(position);
        if (lens.tracked().isEmpty()) {
            return Optional.empty();
        }
        TrackedColumns tracked = lens.tracked().get(at);
        int row = Arrays.binarySearch(tracked.ids(), tokenId);
        return row < 0 ? Optional.empty() : Optional.of(trajectory(tracked, row));
    }

    @Override
    public List<Trajectory> trajectories(int position) {
        int at = info().positionIndex(position);
        if (lens.tracked().isEmpty()) {
            return List.of();
        }
        TrackedColumns tracked = lens.tracked().get(at);
        return IntStream.range(0, tracked.ids().length)
                .mapToObj(row -> trajectory(tracked, row))
                .toList();
    }

    private Trajectory trajectory(TrackedColumns tracked, int row) {
        return new ColumnTrajectory(info(), reading.readPoints(), token(tracked.ids()[row]), tracked, row);
    }

    @Override
    public Map<Integer, Token> vocabulary() {
        return columns.vocabulary();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ColumnResult that && columns.equals(that.columns) && lens().equals(that.lens());
    }

    @Override
    public int hashCode() {
        return columns.hashCode();
    }

    @Override
    public String toString() {
        return "LensResult[model=" + model().name() + ", layers=" + layers().size() + ", positions="
                + positions().size() + ", k=" + k() + "]";
    }
}
