package dev.stratalens.engine.checkpoint.quantization.decoding;

import dev.stratalens.engine.checkpoint.CodedDecoding;
import dev.stratalens.engine.checkpoint.CodedNumbers;
import dev.stratalens.engine.checkpoint.CodedNumbers.Groups;
import dev.stratalens.engine.checkpoint.CodedNumbers.Shared;
import dev.stratalens.engine.checkpoint.StoredNumbers;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;

/**
 * Decodes the microscaling format MXFP4: blocks of 32 numbers of 4 bits (sign, two bits of exponent, one of fraction;
 * the lower half of a byte first) and for each block a power of two.
 *
 * @param blocks U8, [.., groups, 16]
 * @param scales U8, [.., groups], exponents with 127 added
 */
public record Mxfp4Decoding(TensorInfo blocks, TensorInfo scales) implements CodedDecoding {

    /** Numbers per block. */
    public static final int BLOCK = 32;

    @Override
    public CodedNumbers numbers() {
        TensorInfo powers = scales.as(StoredType.F8_E8M0);
        return new CodedNumbers(
                new Float4Decoding(blocks),
                BLOCK,
                Shared.SCALE,
                (files, first, count) -> new Groups(StoredNumbers.read(files, powers, first, count), new float[0]));
    }
}
