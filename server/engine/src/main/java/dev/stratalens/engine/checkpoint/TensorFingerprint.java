package dev.stratalens.engine.checkpoint;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Tells stored tensors from others, however large they are: a hash of their names, types and shapes, and of the first bytes of each.
 * Training changes these bytes in every tensor that it reaches. A change only behind them is not seen.
 */
public final class TensorFingerprint {

    /** Bytes of each tensor that are read. */
    private static final int SAMPLE = 4096;

    private TensorFingerprint() {}

    /** SHA-256 in hexadecimal; the order of the tensors does not count, nor do their files. */
    public static String of(Collection<TensorInfo> tensors) {
        List<TensorInfo> byName =
                tensors.stream().sorted(Comparator.comparing(TensorInfo::name)).toList();
        Hasher hash = Hashing.sha256().newHasher();
        try (var files = new StoredBytes()) {
            for (TensorInfo tensor : byName) {
                hash.putString(tensor.name() + "\n" + tensor.type() + "\n", StandardCharsets.UTF_8);
                hash.putInt(tensor.shape().length);
                for (long size : tensor.shape()) {
                    hash.putLong(size);
                }
                // The parts of a quantized tensor are counted together, and may lie apart.
                int most = (int) Math.min(SAMPLE, tensor.byteCount());
                hash.putBytes(files.readUpTo(tensor.file(), tensor.offset(), most));
            }
        }
        return hash.hash().toString();
    }
}
