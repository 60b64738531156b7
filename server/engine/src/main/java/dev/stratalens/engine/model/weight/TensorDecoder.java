package dev.stratalens.engine.model.weight;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * Decodes tensors straight into the wanted type, in parts distributed over the cores. Beside the result it needs one
 * small float32 part for each core. A tensor that fills several slots is decoded once. Not thread-safe.
 */
final class TensorDecoder implements AutoCloseable {

    /** Numbers of a part: 1 MiB of float32, which a core's cache holds. */
    private static final int PART = 1 << 18;

    /** Parts per view; Java limits a view to 2 GiB. */
    private static final int PARTS_OF_A_VIEW = 256;

    /** Smallest float16 with a whole mantissa. */
    private static final float SMALLEST_NORMAL = 0x1p-14f;

    /** A float32 whose last bit is that of the smallest float16. */
    private static final float ROUNDING = 0.5f;

    /** Bias of float32's exponent less that of float16's. */
    private static final int BIASES_APART = 127 - 15;

    private record Decoded(TensorInfo tensor, DataType type) {}

    private final TorchProgram program;
    private final TorchScope scope;
    private final int partSize;
    private final StoredBytes files = new StoredBytes();
    private final PartTeam team = new PartTeam();
    private final Map<Decoded, TorchTensor> decoded = new HashMap<>();

    /** @param scope of the decoded tensors */
    TensorDecoder(TorchProgram program, TorchScope scope) {
        this(program, scope, PART);
    }

    TensorDecoder(TorchProgram program, TorchScope scope, int partSize) {
        this.program = program;
        this.scope = scope;
        this.partSize = partSize;
    }

    /** All numbers of a tensor, row-major, as a vector that this object owns. */
    TorchTensor decoded(TensorInfo tensor, DataType wanted) {
        return decoded.computeIfAbsent(new Decoded(tensor, wanted), key -> decode(tensor, wanted));
    }

    /** Releases a decoded tensor once nothing views it. */
    void forget(TensorInfo tensor, DataType wanted) {
        TorchTensor known = decoded.remove(new Decoded(tensor, wanted));
        if (known != null) {
            known.close();
        }
    }

    private TorchTensor decode(TensorInfo tensor, DataType wanted) {
        Decoding decoding = tensor.decoding().orElseThrow();
        long total = tensor.elementCount();
        TorchTensor storage = program.tensor(scope, "empty", total, TorchTypes.code(wanted));
        int part = decoding.granularity() * Math.max(1, partSize / decoding.granularity());
        long window = (long) part * Math.max(1, Math.min(PARTS_OF_A_VIEW, Integer.MAX_VALUE / Float.BYTES / part));
        for (long start = 0; start < total; start += window) {
            long first = start;
            long count = Math.min(window, total - first);
            try (TorchTensor view = program.tensor(scope, "view", storage, new long[] {count}, new long[] {1}, first)) {
                ByteBuffer bytes = view.directView();
                team.forEach((int) ((count + part - 1) / part), index -> {
                    int offset = index * part;
                    float[] numbers = new float[(int) Math.min(part, count - offset)];
                    decoding.decode(files, first + offset, numbers.length, numbers, 0);
                    write(numbers, wanted, bytes, offset);
                });
            }
        }
        return storage;
    }

    private static void write(float[] numbers, DataType type, ByteBuffer bytes, int offset) {
        ByteBuffer to = bytes.slice(offset * type.byteSize(), numbers.length * type.byteSize())
                .order(ByteOrder.nativeOrder());
        switch (type) {
            case FLOAT32 -> to.asFloatBuffer().put(numbers);
            case BFLOAT16 -> {
                for (float number : numbers) {
                    to.putShort(bfloat16(number));
                }
            }
            case FLOAT16 -> {
                for (float number : numbers) {
                    to.putShort(float16(number));
                }
            }
        }
    }

    /** Rounded to the nearest, ties to even, as PyTorch does. */
    static short bfloat16(float number) {
        if (Float.isNaN(number)) {
            return 0x7FC0;
        }
        int bits = Float.floatToRawIntBits(number);
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Rounded to the nearest, ties to even; what is larger than any float16 becomes infinite. */
    static short float16(float number) {
        int sign = (Float.floatToRawIntBits(number) >>> 16) & 0x8000;
        float size = Math.abs(number);
        int magnitude;
        if (Float.isNaN(number)) {
            magnitude = 0x7E00;
        } else if (size < SMALLEST_NORMAL) {
            // The last bit of the sum is that of the smallest float16, so the addition rounds.
            magnitude = Float.floatToRawIntBits(size + ROUNDING) - Float.floatToRawIntBits(ROUNDING);
        } else {
            int bits = Float.floatToRawIntBits(size);
            int rounded = bits + 0xFFF + ((bits >>> 13) & 1);
            magnitude = Math.min((rounded - (BIASES_APART << 23)) >>> 13, 0x7C00);
        }
        return (short) (sign | magnitude);
    }

    @Override
    public void close() {
        team.close();
        files.close();
    }
}
