package dev.stratalens.engine.checkpoint;

import java.util.Optional;

/**
 * Element types of safetensors files. Weights have one of the three types with a {@link #weightType()}; the others
 * occur in ignored buffers, such as causal masks.
 */
public enum StoredType {
    F64(64),
    F32(32, DataType.FLOAT32),
    F16(16, DataType.FLOAT16),
    BF16(16, DataType.BFLOAT16),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    F6_E2M3(6),
    F6_E3M2(6),
    F4(4),
    C64(64),
    I64(64),
    I32(32),
    I16(16),
    I8(8),
    U64(64),
    U32(32),
    U16(16),
    U8(8),
    BOOL(8);

    private final int bitSize;
    private final Optional<DataType> weightType;

    StoredType(int bitSize) {
        this.bitSize = bitSize;
        this.weightType = Optional.empty();
    }

    StoredType(int bitSize, DataType weightType) {
        this.bitSize = bitSize;
        this.weightType = Optional.of(weightType);
    }

    /** Bits of one element. */
    public int bitSize() {
        return bitSize;
    }

    /** The format of weights of this type; empty for types that weights may not have. */
    public Optional<DataType> weightType() {
        return weightType;
    }
}
