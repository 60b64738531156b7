package dev.stratalens.engine.lens.transport;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.archive.NumpyArchive;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.lens.plan.ReadPoint;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads a tuned lens of mlxterp: an archive of NumPy with {@code translators_<i>_weight} and {@code translators_<i>_bias}. Translator i
 * acts on the <i>output</i> of block i, the last one included. The lens is {@code A h + b}. Source: {@code coairesearch/mlxterp}.
 */
final class MlxterpFiles {

    private static final String MATRIX = "translators_%d_weight";
    private static final String BIAS = "translators_%d_bias";

    private MlxterpFiles() {}

    static FittedLens read(Path file) {
        Map<String, TensorInfo> arrays = NumpyArchive.read(file);
        var maps = new TreeMap<ReadPoint, AffineMap>();
        TensorInfo matrix;
        for (int i = 0; (matrix = arrays.get(MATRIX.formatted(i))) != null; i++) {
            maps.put(ReadPoint.layer(i), new AffineMap(matrix, Optional.ofNullable(arrays.get(BIAS.formatted(i)))));
        }
        long tensors = maps.values().stream()
                .mapToLong(map -> map.bias().isPresent() ? 2 : 1)
                .sum();
        if (maps.isEmpty() || tensors != arrays.size()) {
            throw InvalidCheckpointException.of(
                    Problem.TENSORS, file, "is no lens of mlxterp: it has the arrays %s".formatted(arrays.keySet()));
        }
        return FittedLens.of(MapForm.PLAIN, maps, LensOrigin.of("mlxterp"));
    }
}
