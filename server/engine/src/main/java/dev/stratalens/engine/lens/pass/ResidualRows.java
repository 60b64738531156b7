package dev.stratalens.engine.lens.pass;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.reading.Lens;
import dev.stratalens.engine.lens.reading.Lenses;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The kept rows of the residual stream on one device, read through lenses. */
final class ResidualRows {

    private final Head head;
    private final Lenses lenses;
    private final PassLayout layout;
    private final TorchTensor store;

    /**
     * The rows of a device.
     *
     * @param head on this device
     * @param lenses of the model
     * @param store residual rows in the order of the layout, in the compute type, [rows, d]
     */
    ResidualRows(Head head, Lenses lenses, PassLayout layout, TorchTensor store) {
        this.head = head;
        this.lenses = lenses;
        this.layout = layout;
        this.store = store;
    }

    /** A scope for rows and tensors derived from them. */
    TorchScope scope() {
        return head.scope();
    }

    PassLayout layout() {
        return layout;
    }

    /** Rows of cells before the unembedding, float32, [cells, width]. */
    TorchTensor through(RequestedLens lens, TorchScope step, List<Cell> cells) {
        return lenses.of(lens, head).rows(step, residual(step, cells), groups(cells));
    }

    /** Rows of cells before the unembedding, computed by separate, plain code, float32, [cells, width]. */
    TorchTensor plainlyNormed(TorchScope step, List<Cell> cells) {
        return head.plainlyNormed(step, residual(step, cells));
    }

    /** Some rows of a readout, as a view. */
    TorchTensor slice(TorchScope step, TorchTensor rows, int first, int end) {
        return head.slice(step, rows, first, end);
    }

    /** A view of neighboring rows; others are copied. */
    private TorchTensor residual(TorchScope step, List<Cell> cells) {
        int first = cells.get(0).row();
        boolean neighbors =
                IntStream.range(0, cells.size()).allMatch(i -> cells.get(i).row() == first + i);
        return neighbors
                ? head.slice(step, store, first, first + cells.size())
                : head.select(step, store, cells.stream().mapToLong(Cell::row).toArray());
    }

    private List<Lens.Group> groups(List<Cell> cells) {
        var groups = new ArrayList<Lens.Group>();
        int first = 0;
        for (int i = 1; i <= cells.size(); i++) {
            ReadPoint point = cells.get(first).point();
            if (i == cells.size() || !cells.get(i).point().equals(point)) {
                groups.add(new Lens.Group(point, first, i));
                first = i;
            }
        }
        return groups;
    }
}
