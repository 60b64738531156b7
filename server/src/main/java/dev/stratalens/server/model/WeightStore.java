package dev.stratalens.server.model;

import dev.stratalens.server.model.architecture.WeightSource;
import dev.stratalens.server.model.architecture.WeightSource.Orientation;
import dev.stratalens.server.model.checkpoint.DataType;
import dev.stratalens.server.model.checkpoint.TensorInfo;
import dev.stratalens.server.model.torch.TorchProgram;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Weights as views of the mapped files: nothing is copied where the stored type is the wanted one, and the order that the
 * block wants is a matter of strides. Files must not change while they are mapped.
 */
final class WeightStore implements AutoCloseable {

    private record Storage(Path file, DataType type) {}

    private final TorchProgram program = TorchProgram.compile("weights", Map.of());
    private final TorchScope scope = program.scope();
    private final Map<Storage, TorchTensor> mapped = new HashMap<>();

    /** Scope of everything that lives as long as the weights. */
    TorchScope scope() {
        return scope;
    }

    /** The part of a stored tensor that a slot wants, in the wanted type. */
    TorchTensor load(PlacedWeight weight, DataType wanted) {
        TensorInfo tensor = weight.tensor();
        DataType stored = tensor.type().weightType().orElseThrow();
        boolean aligned = tensor.offset() % stored.byteSize() == 0;
        TorchTensor storage = aligned ? map(new Storage(tensor.file(), stored)) : copy(tensor, stored);
        long start = aligned ? tensor.offset() / stored.byteSize() : 0;
        TorchTensor view = view(storage, weight.source(), start);
        return stored == wanted ? view : converted(view, wanted);
    }

    /** Loads a whole set of slots. */
    Map<String, TorchTensor> load(Map<String, PlacedWeight> slots, DataType wanted) {
        var tensors = new HashMap<String, TorchTensor>();
        slots.forEach((slot, weight) -> tensors.put(slot, load(weight, wanted)));
        return tensors;
    }

    private TorchTensor converted(TorchTensor view, DataType wanted) {
        try (view) {
            return program.tensor(scope, "convert", view, TorchTypes.code(wanted));
        }
    }

    private TorchTensor view(TorchTensor storage, WeightSource source, long start) {
        long total = source.storedShape().get(0);
        if (source.storedShape().size() == 1) {
            return view(storage, new long[] {source.outputs()}, new long[] {1}, start + source.firstOutput());
        }
        long second = source.storedShape().get(1);
        return source.orientation() == Orientation.OUTPUTS_FIRST
                ? view(
                        storage,
                        new long[] {source.outputs(), second},
                        new long[] {second, 1},
                        start + source.firstOutput() * second)
                : view(
                        storage,
                        new long[] {source.outputs(), total},
                        new long[] {1, second},
                        start + source.firstOutput());
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

    /** Old writers did not align tensors; such a one is mapped from an aligned copy, which goes when it is unmapped. */
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
        scope.close();
        program.close();
    }
}
