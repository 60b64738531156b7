package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.TensorInfo;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * MLX's tensors of all experts' matrices, {@code NAME.switch_mlp.gate_proj.weight} [E, outputs, inputs], as E matrices
 * {@code NAME.experts.0.gate_proj.weight}, as in transformers.
 */
final class MlxExperts {

    private static final String STACK = ".switch_mlp.";
    private static final int MOST = 4096;

    /** Mixtral's names of the matrices. */
    private static final String NUMBERED = "block_sparse_moe.";

    private static final Map<String, String> NUMBERS = Map.of("gate_proj", "w1", "down_proj", "w2", "up_proj", "w3");

    private MlxExperts() {}

    /**
     * The tensors with each stack split. A tensor that is not a stack of matrices keeps its name, so that it is refused
     * by name.
     */
    static Map<String, TensorInfo> apart(Map<String, TensorInfo> tensors) {
        Map<String, TensorInfo> apart = new LinkedHashMap<>();
        for (TensorInfo tensor : tensors.values()) {
            long experts = tensor.shape().length == 3 && tensor.name().contains(STACK) ? tensor.shape()[0] : 0;
            if (experts < 1 || experts > MOST) {
                apart.put(tensor.name(), tensor);
            }
            for (int expert = 0; expert < experts && experts <= MOST; expert++) {
                TensorInfo matrix = matrix(tensor, expert);
                apart.put(matrix.name(), matrix);
            }
        }
        return apart;
    }

    private static TensorInfo matrix(TensorInfo stack, int expert) {
        long byteCount = stack.byteCount() / stack.shape()[0];
        long numbers = stack.elementCount() / stack.shape()[0];
        return new TensorInfo(
                name(stack.name(), expert),
                stack.type(),
                Arrays.copyOfRange(stack.shape(), 1, 3),
                stack.file(),
                stack.offset() + (stack.decoding().isPresent() ? 0 : expert * byteCount),
                byteCount,
                stack.decoding().map(decoding -> decoding.from(expert * numbers)));
    }

    private static String name(String stack, int expert) {
        String name = stack.replace(STACK, ".experts.%d.".formatted(expert));
        if (stack.contains(NUMBERED)) {
            for (Map.Entry<String, String> number : NUMBERS.entrySet()) {
                name = name.replace(number.getKey(), number.getValue());
            }
        }
        return name;
    }
}
