package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.checkpoint.DataType;

/** Codes of data types in PyTorch's {@code ScalarType}. */
public final class TorchTypes {

    public static final long FLOAT32 = 6;

    private TorchTypes() {}

    /** The code of a type. */
    public static long code(DataType type) {
        return switch (type) {
            case FLOAT32 -> FLOAT32;
            case FLOAT16 -> 5;
            case BFLOAT16 -> 15;
        };
    }
}
