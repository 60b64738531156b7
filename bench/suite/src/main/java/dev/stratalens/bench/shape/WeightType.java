package dev.stratalens.bench.shape;

import java.nio.ByteBuffer;
import java.util.Locale;

/** Types that weights are stored in. */
public enum WeightType {
    FLOAT32("F32", 4) {
        @Override
        void put(ByteBuffer bytes, float value) {
            bytes.putFloat(value);
        }
    },
    BFLOAT16("BF16", 2) {
        @Override
        void put(ByteBuffer bytes, float value) {
            int bits = Float.floatToRawIntBits(value);
            // Rounded to the nearest, ties to even.
            bytes.putShort((short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16));
        }
    };

    private final String safetensorsName;
    private final int bytes;

    WeightType(String safetensorsName, int bytes) {
        this.safetensorsName = safetensorsName;
        this.bytes = bytes;
    }

    String safetensorsName() {
        return safetensorsName;
    }

    int bytes() {
        return bytes;
    }

    abstract void put(ByteBuffer bytes, float value);

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
