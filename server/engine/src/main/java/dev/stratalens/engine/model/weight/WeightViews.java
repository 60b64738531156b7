package dev.stratalens.engine.model.weight;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.architecture.weight.WeightSource.Orientation;
import dev.stratalens.engine.architecture.weight.WeightSource.Outputs;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The weights of slots as views of the numbers of stored tensors. Strides give the order that the block needs.
 *
 * @param program on the device of the numbers
 */
record WeightViews(TorchProgram program) {

    /** A contiguous part is a view; a part in groups is copied. */
    TorchTensor view(TorchScope scope, TorchTensor storage, WeightSource source, long start) {
        if (source.slice().isPresent()) {
            List<Long> one =
                    source.storedShape().subList(1, source.storedShape().size());
            long size = one.stream().reduce(1L, (a, b) -> a * b);
            return view(scope, storage, source, one, start + source.slice().getAsInt() * size);
        }
        return view(scope, storage, source, source.storedShape(), start);
    }

    private TorchTensor view(
            TorchScope scope, TorchTensor storage, WeightSource source, List<Long> storedShape, long start) {
        Outputs outputs = source.outputs();
        boolean outputsFirst = source.orientation() == Orientation.OUTPUTS_FIRST;
        long[] strides = contiguousStrides(storedShape);
        int dimension = outputsFirst ? 0 : 1;
        if (strides.length == 0) {
            return view(scope, storage, strides, strides, start);
        }
        long outputStride = strides[dimension];
        var shape = new ArrayList<>(List.of((long) outputs.groups(), outputs.count() / outputs.groups()));
        var steps = new ArrayList<>(List.of(outputs.stride() * outputStride, outputStride));
        for (int i = 0; i < strides.length; i++) {
            if (i != dimension) {
                shape.add(storedShape.get(i));
                steps.add(strides[i]);
            }
        }
        long offset = start + outputs.first() * outputStride;
        if (outputs.groups() == 1) {
            return view(
                    scope,
                    storage,
                    toArray(shape.subList(1, shape.size())),
                    toArray(steps.subList(1, steps.size())),
                    offset);
        }
        try (TorchTensor grouped = view(scope, storage, toArray(shape), toArray(steps), offset)) {
            return program.tensor(scope, "joined", grouped);
        }
    }

    private static long[] contiguousStrides(List<Long> shape) {
        var strides = new long[shape.size()];
        long stride = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape.get(i);
        }
        return strides;
    }

    private static long[] toArray(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private TorchTensor view(TorchScope scope, TorchTensor storage, long[] shape, long[] strides, long offset) {
        return program.tensor(scope, "view", storage, shape, strides, offset);
    }

    /**
     * The slots {@code slot/0}, {@code slot/1} and so on along a new first dimension.
     *
     * @param part of a slot, which is closed
     * @param done is told of each part that is not needed any more
     */
    TorchTensor stack(
            TorchScope scope,
            String slot,
            Map<String, PlacedWeight> slots,
            Function<PlacedWeight, TorchTensor> part,
            Consumer<PlacedWeight> done) {
        PlacedWeight only = requireNonNull(slots.get(slot + "/0"));
        TorchTensor first = part.apply(only);
        done.accept(only);
        TorchTensor stacked = program.tensor(scope, "stacked", first);
        PlacedWeight next;
        for (int i = 1; (next = slots.get(slot + "/" + i)) != null; i++) {
            try (TorchTensor before = stacked;
                    TorchTensor some = part.apply(next)) {
                done.accept(next);
                stacked = program.tensor(scope, "with_next", before, some);
            }
        }
        return stacked;
    }
}
