package dev.stratalens.engine.parity;

import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.gguf.GgufFile;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Recorded tensors of every form of quantization. */
public final class QuantizedTensors {

    /** Their numbers, by the format's own library, are beside each file in {@code expected.safetensors}. */
    private static final Path RECORDED = Path.of("src/test/resources/formats/blocks");

    private QuantizedTensors() {}

    public static Stream<TensorInfo> all() throws IOException {
        List<Path> directories;
        try (Stream<Path> quantizers = Files.list(RECORDED.resolve("quantized"))) {
            directories = Stream.concat(Stream.of(RECORDED.resolve("mlx")), quantizers)
                    .sorted()
                    .toList();
        }
        return Stream.concat(
                directories.stream().flatMap(directory -> CheckpointReader.open(directory).tensors().values().stream()),
                GgufFile.read(RECORDED.resolve("gguf/model.gguf")).tensors().values().stream()
                        .map(tensor -> tensor.rearranged(tensor.name(), tensor.shape(), stored -> stored)));
    }
}
