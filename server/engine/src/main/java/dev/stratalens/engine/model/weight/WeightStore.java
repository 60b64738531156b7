package dev.stratalens.engine.model.weight;

import com.google.common.collect.Maps;
import dev.stratalens.engine.architecture.weight.Slot;
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
import java.util.HashMap;
import java.util.Map;

/**
 * Weights as views of the mapped files. Nothing is copied if the stored type is the wanted one; strides give the order
 * that the block needs. Quantized weights are decoded once, into the wanted type. Files must not change while they are
 * mapped: see {@link MappedFiles}.
 *
 * <p>A device with memory of its own gets copies of the same views. They pass through this machine's memory one set of
 * slots at a time. It gets the codes of quantized weights and decodes them itself, where their form allows that.
 */
public final class WeightStore implements AutoCloseable {

    private record Storage(Path file, DataType type) {}

    private final TorchProgram program;
    private final TorchScope scope;
    private final Map<Storage, TorchTensor> mapped = new HashMap<>();
    private final TensorDecoder decoder;
    private final WeightViews views;

    /** @param device the device of the weights */
    public WeightStore(Device device, TensorCount tensors) {
        this.program = TorchProgram.compile(device, "weights", Map.of(), tensors);
        this.scope = program.scope();
        this.decoder = new TensorDecoder(program, scope);
        this.views = new WeightViews(program);
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
            return views.view(scope, decoder.decoded(tensor, wanted), weight.source(), 0);
        }
        DataType stored = tensor.type().weightType().orElseThrow();
        boolean aligned = tensor.offset() % stored.byteSize() == 0;
        TorchTensor storage = aligned ? map(new Storage(tensor.file(), stored)) : copy(tensor, stored);
        long start = aligned ? tensor.offset() / stored.byteSize() : 0;
        TorchTensor view = views.view(scope, storage, weight.source(), start);
        return stored == wanted ? view : converted(view, wanted);
    }

    /** Loads a set of slots. A slot with several tensors is stacked along a new first dimension. */
    public Map<String, TorchTensor> load(Map<String, PlacedWeight> slots, DataType wanted) {
        return device().isHost() ? loaded(slots, wanted) : copied(slots, wanted);
    }

    private Map<String, TorchTensor> loaded(Map<String, PlacedWeight> slots, DataType wanted) {
        var tensors = new HashMap<String, TorchTensor>();
        slots.forEach((slot, weight) -> {
            if (slot.indexOf('/') < 0) {
                tensors.put(slot, load(weight, Slot.isExact(slot) ? DataType.FLOAT32 : wanted));
            } else if (slot.endsWith("/0")) {
                String stacked = slot.substring(0, slot.length() - 2);
                tensors.put(
                        stacked,
                        views.stack(
                                scope,
                                stacked,
                                slots,
                                part -> load(part, wanted),
                                part -> decoder.forget(part.tensor(), wanted)));
            }
        });
        return tensors;
    }

    /** Codes are copied, and decoded there. */
    private Map<String, TorchTensor> copied(Map<String, PlacedWeight> slots, DataType wanted) {
        Map<String, PlacedWeight> packable = PackedWeights.packable(slots);
        var tensors = new HashMap<String, TorchTensor>();
        try (TorchScope codes = program.scope()) {
            tensors.putAll(new PackedWeights(program, codes, packable, wanted).unpacked(scope));
        }
        try (var staging = new WeightStore(Device.CPU, new TensorCount())) {
            staging.load(Maps.filterKeys(slots, slot -> !packable.containsKey(slot)), wanted)
                    .forEach((slot, weight) -> tensors.put(slot, scope.copyOf(weight)));
        }
        return tensors;
    }

    /** Copies the codes of {@link PackedWeights#packable} slots. */
    public PackedWeights packed(Map<String, PlacedWeight> packable, DataType wanted) {
        return new PackedWeights(program, scope, packable, wanted);
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
