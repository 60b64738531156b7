package dev.stratalens.engine.checkpoint;

import java.nio.ByteBuffer;

/** Reads stored numbers of any weight type as float32, exactly. */
public final class StoredNumbers {

    private StoredNumbers() {}

    /** Numbers first .. first+count-1 of a tensor of plain numbers. */
    public static float[] read(StoredBytes files, TensorInfo tensor, long first, int count) {
        float[] numbers = new float[count];
        read(files, tensor, first, count, numbers, 0);
        return numbers;
    }

    /** The same, into an array. */
    static void read(StoredBytes files, TensorInfo tensor, long first, int count, float[] to, int at) {
        DataType type = tensor.type().weightType().orElseThrow();
        ByteBuffer bytes =
                files.read(tensor.file(), tensor.offset() + first * type.byteSize(), count * type.byteSize());
        for (int i = 0; i < count; i++) {
            to[at + i] = switch (type) {
                case FLOAT32 -> bytes.getFloat();
                case FLOAT16 -> half(bytes.getShort());
                case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort() << 16);
            };
        }
    }

    /** IEEE 754 binary16 as float32. */
    public static float half(short bits) {
        int exponent = (bits >> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else if (exponent == 0x1F) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Float.intBitsToFloat(((exponent + 127 - 15) << 23) | (fraction << 13));
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}
