package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.lens.plan.ReadPoint;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A lens that was fitted: an affine map at some read points, before the model's own final norm and head. Points between them may be
 * left out. Whether there is a map for the last block is up to the file: without one, the last block is the model's own output.
 *
 * @param width of the rows, d
 * @param maps by read point, in order of depth; not modifiable
 */
public record FittedLens(MapForm form, int width, NavigableMap<ReadPoint, AffineMap> maps, LensOrigin origin) {

    /**
     * Checks the shapes.
     *
     * @throws InvalidCheckpointException if there is no map, or one does not have the width
     */
    public FittedLens {
        maps = Collections.unmodifiableNavigableMap(new TreeMap<>(maps));
        if (maps.isEmpty()) {
            throw new IllegalArgumentException("a lens without maps");
        }
        for (AffineMap map : maps.values()) {
            require(map.matrix(), width, width);
            if (map.bias().isPresent()) {
                require(map.bias().get(), width);
            }
        }
    }

    /** A lens as wide as its first matrix. */
    static FittedLens of(MapForm form, NavigableMap<ReadPoint, AffineMap> maps, LensOrigin origin) {
        long[] shape = maps.firstEntry().getValue().matrix().shape();
        return new FittedLens(form, shape.length == 0 ? 0 : (int) shape[0], maps, origin);
    }

    /** Every stored tensor of the maps. */
    public List<TensorInfo> tensors() {
        return maps.values().stream()
                .flatMap(map -> Stream.concat(Stream.of(map.matrix()), map.bias().stream()))
                .toList();
    }

    /** Bytes of the maps, as they are stored and kept in memory. */
    public long bytes() {
        return tensors().stream().mapToLong(TensorInfo::byteCount).sum();
    }

    private static void require(TensorInfo tensor, long... shape) {
        if (!Arrays.equals(tensor.shape(), shape) || tensor.type().weightType().isEmpty()) {
            throw InvalidCheckpointException.ofTensor(
                    Problem.TENSORS,
                    String.valueOf(tensor.file().getFileName()),
                    tensor.name(),
                    "has the type %s and the shape %s; expected are F32, F16 or BF16, and %s"
                            .formatted(tensor.type(), Arrays.toString(tensor.shape()), Arrays.toString(shape)));
        }
    }
}
