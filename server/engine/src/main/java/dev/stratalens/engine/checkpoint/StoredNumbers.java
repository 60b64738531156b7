package dev.stratalens.engine.checkpoint;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads stored numbers as float32, exactly. */
public final class StoredNumbers {

    private StoredNumbers() {}

    /** Whether numbers of this type can be read: weights, float8, and integers of a byte. */
    public static boolean canRead(StoredType type) {
        return switch (type) {
            case F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0, I8, U8 -> true;
            default -> false;
        };
    }

    /** Numbers first .. first+count-1 of a tensor of plain numbers. */
    public static float[] read(StoredBytes files, TensorInfo tensor, long first, int count) {
        float[] numbers = new float[count];
        read(files, tensor, first, count, numbers, 0);
        return numbers;
    }

    /** A tensor of plain numbers as a decoding. */
    public static Decoding decoding(TensorInfo tensor) {
        return new Plain(tensor);
    }

    private record Plain(TensorInfo tensor) implements Decoding {

        @Override
        public int granularity() {
            return 1;
        }

        @Override
        public void decode(StoredBytes files, long first, int count, float[] to, int at) {
            StoredNumbers.read(files, tensor, first, count, to, at);
        }

        /** Numbers of a byte are codes. */
        @Override
        public Optional<Codes> codes() {
            return tensor.type().bitSize() == Byte.SIZE ? Optional.of(new Bytes(tensor)) : Optional.empty();
        }
    }

    private record Bytes(TensorInfo tensor) implements Codes {

        @Override
        public int bits() {
            return Byte.SIZE;
        }

        @Override
        public float[] table(StoredBytes files) {
            ByteBuffer all = ByteBuffer.allocate(1 << Byte.SIZE);
            for (int code = 0; code < all.capacity(); code++) {
                all.put((byte) code);
            }
            float[] table = new float[all.capacity()];
            convert(tensor.type(), all.flip(), table, 0, table.length);
            return table;
        }

        @Override
        public void read(StoredBytes files, long first, int count, byte[] to) {
            files.read(tensor.file(), tensor.offset() + first, count).get(to, 0, count);
        }
    }

    /** Reads numbers into an array. */
    static void read(StoredBytes files, TensorInfo tensor, long first, int count, float[] to, int at) {
        StoredType type = tensor.type();
        int size = type.bitSize() / Byte.SIZE;
        convert(type, files.read(tensor.file(), tensor.offset() + first * size, count * size), to, at, count);
    }

    private static void convert(StoredType type, ByteBuffer bytes, float[] to, int at, int count) {
        for (int i = at; i < at + count; i++) {
            to[i] = switch (type) {
                case F32 -> bytes.getFloat();
                case F16 -> half(bytes.getShort());
                case BF16 -> Float.intBitsToFloat(bytes.getShort() << 16);
                case F8_E4M3 -> Float8.e4m3(bytes.get());
                case F8_E5M2 -> Float8.e5m2(bytes.get());
                case F8_E8M0 -> Float8.e8m0(bytes.get());
                case I8 -> bytes.get();
                case U8 -> bytes.get() & 0xFF;
                default -> throw new IllegalArgumentException("numbers of type " + type);
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
