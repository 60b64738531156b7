package dev.stratalens.engine.checkpoint;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The hash of stored numbers, which does not depend on the type in which they are stored. */
public final class NumberHash {

    /** Numbers read at a time. */
    private static final int PART = 1 << 18;

    private NumberHash() {}

    /** SHA-256 of a tensor of plain numbers as float32, least byte first, in hexadecimal. */
    public static String of(TensorInfo tensor) {
        Hasher hash = Hashing.sha256().newHasher();
        ByteBuffer bytes = ByteBuffer.allocate(PART * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (var files = new StoredBytes()) {
            long total = tensor.elementCount();
            for (long first = 0; first < total; first += PART) {
                int count = (int) Math.min(PART, total - first);
                bytes.clear().asFloatBuffer().put(StoredNumbers.read(files, tensor, first, count));
                hash.putBytes(bytes.limit(count * Float.BYTES));
            }
        }
        return hash.hash().toString();
    }
}
