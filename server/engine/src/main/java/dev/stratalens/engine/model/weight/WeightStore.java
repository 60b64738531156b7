package dev.stratalens.engine.model.weight;

import static java.util.Objects.requireNonNull;

import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.architecture.weight.WeightSource;
import dev.stratalens.engine.architecture.weight.WeightSource.Orientation;
import dev.stratalens.engine.architecture.weight.WeightSource.Outputs;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Weights as views of the mapped files. Nothing is copied if the stored type is the wanted one; strides give the order
 * that the block needs. Quantized weights are decoded once, into the wanted type. Files must not change while they are
 * mapped: see {@link MappedFiles}.
 *
 * <p>A device with memory of its own gets copies of the same views. They pass through this machine's memory one set of
 * slots at a time.
 */
public final class WeightStore implements AutoCloseable {

    private record Storage(Path file, DataType type) {}

    private final TorchProgram program;
    private final TorchScope scope;
    private final Map<Storage, TorchTensor> mapped = new HashMap<>();
    private final TensorDecoder decoder;

    /** @param device the device of the weights */
    public WeightStore(Device device, TensorCount tensors) {
        this.program = TorchProgram.compile(device, "weights", Map.of(), tensors);
        this.scope = program.scope();
        this.decoder = new TensorDecoder(program, scope);
    }

    /** The device of the weights. */
    public Device device() {
        return program.device();
    }

    /** A scope that lives as long as the weights. */
    public TorchScope scope() {
        return scope;
    }

    /** The part of a stored tensor for a slot, in the wanted type. */
    public TorchTensor load(PlacedWeight weight, DataType wanted) {
        if (!device().isHost()) {
            try (var staging = new WeightStore(Device.CPU, new TensorCount())) {
                return scope.copyOf(staging.load(weight, wanted));
            }
        }
        TensorInfo tensor = weight.tensor();
        if (tensor.decoding().isPresent()) {
            return view(decoder.decoded(tensor, wanted), weight.source(), 0);
        }
        DataType stored = tensor.type().weightType().orElseThrow();
        boolean aligned = tensor.offset() % stored.byteSize() == 0;
        TorchTensor storage = aligned ? map(new Storage(tensor.file(), stored)) : copy(tensor, stored);
        long start = aligned ? tensor.offset() / stored.byteSize() : 0;
        TorchTensor view = view(storage, weight.source(), start);
        return stored == wanted ? view : converted(view, wanted);
    }

    /** Loads a set of slots. A slot with several tensors is stacked along a new first dimension. */
    public Map<String, TorchTensor> load(Map<String, PlacedWeight> slots, DataType wanted) {
        var tensors = new HashMap<String, TorchTensor>();
        if (!device().isHost()) {
            try (var staging = new WeightStore(Device.CPU, new TensorCount())) {
                staging.load(slots, wanted).forEach((slot, weight) -> tensors.put(slot, scope.copyOf(weight)));
            }
            return tensors;
        }
        slots.forEach((slot, weight) -> {
            if (slot.indexOf('/') < 0) {
                tensors.put(slot, load(weight, Slot.isExact(slot) ? DataType.FLOAT32 : wanted));
            } else if (slot.endsWith("/0")) {
                String stacked = slot.substring(0, slot.length() - 2);
                tensors.put(stacked, stack(stacked, slots, wanted));
            }
        });
        return tensors;
    }

    private TorchTensor stack(String slot, Map<String, PlacedWeight> slots, DataType wanted) {
        PlacedWeight only = requireNonNull(slots.get(slot + "/0"));
        TorchTensor first = load(only, wanted);
        decoder.forget(only.tensor(), wanted);
        TorchTensor stacked = program.tensor(scope, "stacked", first);
        PlacedWeight next;
        for (int i = 1; (next = slots.get(slot + "/" + i)) != null; i++) {
            try (TorchTensor before = stacked;
                    TorchTensor part = load(next, wanted)) {
                decoder.forget(next.tensor(), wanted);
                stacked = program.tensor(scope, "with_next", before, part);
            }
        }
        return stacked;
    }

    /** A vector of ones. */
    public TorchTensor ones(int size, DataType type) {
        return program.tensor(scope, "ones", (long) size, TorchTypes.code(type));
    }

    private TorchTensor converted(TorchTensor view, DataType wanted) {
        try (view) {
            return program.tensor(scope, "convert", view, TorchTypes.code(wanted));
        }
    }

    /** A contiguous part is a view; a part in groups is copied. */
    private TorchTensor view(TorchTensor storage, WeightSource source, long start) {
        if (source.slice().isPresent()) {
            List<Long> one =
                    source.storedShape().subList(1, source.storedShape().size());
            long size = one.stream().reduce(1L, (a, b) -> a * b);
            return view(storage, source, one, start + source.slice().getAsInt() * size);
        }
        return view(storage, source, source.storedShape(), start);
    }

    private TorchTensor view(TorchTensor storage, WeightSource source, List<Long> storedShape, long start) {
        Outputs outputs = source.outputs();
        boolean outputsFirst = source.orientation() == Orientation.OUTPUTS_FIRST;
        long[] strides = contiguousStrides(storedShape);
        int dimension = outputsFirst ? 0 : 1;
        if (strides.length == 0) {
            return view(storage, strides, strides, start);
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
                    storage, toArray(shape.subList(1, shape.size())), toArray(steps.subList(1, steps.size())), offset);
        }
        try (TorchTensor grouped = view(storage, toArray(shape), toArray(steps), offset)) {
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

    private TorchTensor view(TorchTensor storage, long[] shape, long[] strides, long offset) {
        return program.tensor(scope, "view", storage, shape, strides, offset);
    }

    private TorchTensor map(Storage storage) {
        return mapped.computeIfAbsent(storage, key -> {
            try {
                long elements = Files.size(key.file()) / key.type().byteSize();
                return program.tensor(scope, "map_file", key.file().toString(), TorchTypes.code(key.type()), elements);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /**
     * Old writers did not align tensors. An unaligned tensor is mapped from an aligned copy, which is deleted when it
     * is unmapped.
     */
    private TorchTensor copy(TensorInfo tensor, DataType type) {
        try {
            Path aligned = Files.createTempFile("stratalens-", ".tensor");
            try (var from = FileChannel.open(tensor.file());
                    var to = FileChannel.open(aligned, StandardOpenOption.WRITE)) {
                long done = 0;
                while (done < tensor.byteCount()) {
                    done += from.transferTo(tensor.offset() + done, tensor.byteCount() - done, to);
                }
                return program.tensor(
                        scope, "map_file", aligned.toString(), TorchTypes.code(type), tensor.elementCount());
            } finally {
                Files.delete(aligned);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try (program;
                scope) {
            decoder.close();
        }
    }
}
