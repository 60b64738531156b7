package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.TensorInfo;
import java.util.Map;

/** Reads the weights of one quantizer. */
@FunctionalInterface
interface Quantization {

    /**
     * Replaces the parts of each quantized matrix by one decoded tensor, {@code NAME.weight}. Other tensors stay.
     *
     * @param config the quantizer's part of the configuration
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if the parts or the configuration contradict each
     *     other, or need another computation
     */
    Map<String, TensorInfo> apply(HfConfig config, Map<String, TensorInfo> stored);
}
