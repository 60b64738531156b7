package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.Mxfp4Decoding;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads directories with tensors in the microscaling format MXFP4: {@code NAME_blocks} [.., groups, 16] with two
 * numbers per byte, {@code NAME_scales} [.., groups].
 */
final class Mxfp4Quantization {

    private static final String BLOCKS = "_blocks";
    private static final String SCALES = "_scales";

    private Mxfp4Quantization() {}

    /** Replaces blocks and scales by one decoded tensor, [.., numbers], with the name of the blocks. */
    static Map<String, TensorInfo> apply(Map<String, TensorInfo> stored) {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>(stored);
        for (TensorInfo blocks : stored.values()) {
            if (blocks.name().endsWith(BLOCKS)) {
                String name = blocks.name().substring(0, blocks.name().length() - BLOCKS.length());
                TensorInfo scales = stored.get(name + SCALES);
                if (scales == null) {
                    throw contradiction(blocks, "has no scales beside it");
                }
                tensors.put(blocks.name(), decoded(blocks, scales));
                tensors.remove(scales.name());
            }
        }
        return tensors;
    }

    private static TensorInfo decoded(TensorInfo blocks, TensorInfo scales) {
        long[] bytes = blocks.shape();
        int last = bytes.length - 1;
        if (last < 1
                || bytes[last] != Mxfp4Decoding.BLOCK / 2
                || !Arrays.equals(Arrays.copyOf(bytes, last), scales.shape())
                || blocks.type() != StoredType.U8
                || scales.type() != StoredType.U8) {
            throw contradiction(
                    blocks,
                    "of type %s and shape %s and its scales of type %s and shape %s are not U8 [.., groups, 16] and U8 [.., groups]"
                            .formatted(
                                    blocks.type(),
                                    Arrays.toString(bytes),
                                    scales.type(),
                                    Arrays.toString(scales.shape())));
        }
        long[] shape = scales.shape().clone();
        shape[last - 1] *= Mxfp4Decoding.BLOCK;
        return new TensorInfo(
                blocks.name(),
                StoredType.BF16, // represents all these numbers exactly
                shape,
                blocks.file(),
                blocks.offset(),
                blocks.byteCount() + scales.byteCount(),
                Optional.of(new Mxfp4Decoding(blocks, scales)));
    }

    private static InvalidCheckpointException contradiction(TensorInfo tensor, String what) {
        return tensor.invalid(what + ". Check that weights and config.json come from the same model");
    }
}
