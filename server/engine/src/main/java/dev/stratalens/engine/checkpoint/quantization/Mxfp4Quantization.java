package dev.stratalens.engine.checkpoint.quantization;

import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.quantization.decoding.Mxfp4Decoding;
import dev.stratalens.engine.checkpoint.quantization.decoding.QuantizedParts;
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

    /** Joins a matrix of two numbers per byte [rows, columns / 2] with its scales [rows, columns / 32]. */
    static void join(QuantizedParts parts, TensorInfo bytes, TensorInfo scales) {
        long[] shape = bytes.shape().clone();
        int last = shape.length - 1;
        boolean fits = last >= 1
                && scales.shape().length == shape.length
                && shape[last] * 2 == scales.shape()[last] * Mxfp4Decoding.BLOCK
                && Arrays.equals(Arrays.copyOf(shape, last), Arrays.copyOf(scales.shape(), last))
                && scales.type().bitSize() == Byte.SIZE;
        if (!fits) {
            throw QuantizedParts.misfit(
                    "two numbers per byte [rows, columns / 2], and a power of two for each 32 of a row", bytes, scales);
        }
        shape[last] *= 2;
        parts.join(bytes.name(), shape, scales, new Mxfp4Decoding(bytes.as(StoredType.U8), scales), bytes);
    }

    private static InvalidCheckpointException contradiction(TensorInfo tensor, String what) {
        return tensor.invalid(what + ". Check that weights and config.json come from the same model");
    }
}
