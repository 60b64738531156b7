package dev.stratalens.engine.lens.reading;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.lens.plan.ReadPoint;
import dev.stratalens.engine.lens.transport.MapForm;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fitted lens: an affine map for each read point, then the model's own final norm and head. The maps compute in float32, whatever
 * their stored type, and each on the device where it is.
 */
final class TransportLens implements Lens {

    private final String name;
    private final Head head;
    private final MapForm form;
    private final Map<ReadPoint, PlacedMap> maps;
    /** Decoded as the model does it, unless there is a map for it. */
    private final ReadPoint lastBlock;
    /** On the device of the head. */
    private final TorchProgram program;

    /**
     * A map on its device.
     *
     * @param program of this device
     * @param matrix [d, d]
     * @param bias [d]
     */
    record PlacedMap(TorchProgram program, TorchTensor matrix, Optional<TorchTensor> bias) {

        /** The rows after the matrix and the bias, float32. */
        private TorchTensor applied(TorchScope scope, TorchTensor rows) {
            return bias.isPresent()
                    ? program.tensor(scope, "affine", rows, matrix, bias.get())
                    : program.tensor(scope, "linear", rows, matrix);
        }
    }

    TransportLens(
            String name,
            Head head,
            MapForm form,
            Map<ReadPoint, PlacedMap> maps,
            ReadPoint lastBlock,
            TorchProgram program) {
        this.name = name;
        this.head = head;
        this.form = form;
        this.maps = Map.copyOf(maps);
        this.lastBlock = lastBlock;
        this.program = program;
    }

    @Override
    public TorchTensor rows(TorchScope step, TorchTensor residual, List<Group> groups) {
        var parts = new ArrayList<TorchTensor>();
        for (Group group : groups) {
            TorchTensor rows = groups.size() == 1 ? residual : head.slice(step, residual, group.first(), group.end());
            parts.add(transported(step, rows, group.point()));
        }
        if (parts.size() == 1) {
            return head.normed(step, parts.get(0));
        }
        Object all = parts.toArray(TorchTensor[]::new);
        return head.normed(step, program.tensor(step, "joined", all));
    }

    /**
     * Pulls a direction back through the map at a read point, which must have one.
     *
     * @param direction on the device of the head, [1, d]
     * @return the direction in the stream that raises the product with the transported row most, [1, d]
     */
    TorchTensor pulledBack(TorchScope step, TorchTensor direction, ReadPoint point) {
        PlacedMap map = requireNonNull(maps.get(point));
        TorchTensor pulled;
        if (map.program().device().equals(step.device())) {
            pulled = program.tensor(step, "pulled", direction, map.matrix());
        } else {
            try (TorchScope there = map.program().scope()) {
                pulled = step.copyOf(map.program().tensor(there, "pulled", there.copyOf(direction), map.matrix()));
            }
        }
        return form == MapForm.RESIDUAL ? program.tensor(step, "added", direction, pulled) : pulled;
    }

    private TorchTensor transported(TorchScope step, TorchTensor rows, ReadPoint point) {
        PlacedMap map = maps.get(point);
        if (map == null) {
            if (!point.equals(lastBlock)) {
                throw new IllegalArgumentException("the lens %s has no map for %s".formatted(name, point));
            }
            return program.tensor(step, "as_float", rows);
        }
        TorchTensor changed = applied(step, rows, map);
        return form == MapForm.RESIDUAL ? program.tensor(step, "added", rows, changed) : changed;
    }

    /** The rows go to the map, because there are few of them. */
    private TorchTensor applied(TorchScope step, TorchTensor rows, PlacedMap map) {
        if (map.program().device().equals(step.device())) {
            return map.applied(step, rows);
        }
        try (TorchScope there = map.program().scope()) {
            return step.copyOf(map.applied(there, there.copyOf(rows)));
        }
    }
}
