package dev.stratalens.cli.lenses;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.lens.transport.FittedLens;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a lens lies in its file. */
final class StoredForm {

    private StoredForm() {}

    /** Types of its numbers. */
    static String types(FittedLens lens) {
        return tensors(lens).map(tensor -> tensor.type().name()).distinct().collect(Collectors.joining(", "));
    }

    static long bytes(FittedLens lens) {
        return tensors(lens).mapToLong(TensorInfo::byteCount).sum();
    }

    private static Stream<TensorInfo> tensors(FittedLens lens) {
        return lens.maps().values().stream()
                .flatMap(map -> Stream.concat(Stream.of(map.matrix()), map.bias().stream()));
    }
}
