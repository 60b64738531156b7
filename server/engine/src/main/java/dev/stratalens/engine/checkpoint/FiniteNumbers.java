package dev.stratalens.engine.checkpoint;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Searches stored tensors for numbers that are not finite. */
public final class FiniteNumbers {

    /** Numbers read at a time. */
    private static final int PART = 1 << 18;

    private FiniteNumbers() {}

    /**
     * The first tensor, by file and offset, that holds NaN or infinity. Reads all tensors.
     *
     * @throws dev.stratalens.engine.error.InvalidCheckpointException if a file can no longer be read
     */
    public static Optional<TensorInfo> firstWithout(Collection<TensorInfo> tensors) {
        try (var files = new StoredBytes()) {
            return tensors.stream()
                    .sorted(Comparator.comparing(TensorInfo::file).thenComparing(TensorInfo::offset))
                    .filter(tensor -> !areFinite(files, tensor))
                    .findFirst();
        }
    }

    private static boolean areFinite(StoredBytes files, TensorInfo tensor) {
        int granularity = tensor.decoding().map(Decoding::granularity).orElse(1);
        int part = granularity * Math.max(1, PART / granularity);
        var numbers = new float[part];
        long total = tensor.elementCount();
        for (long first = 0; first < total; first += part) {
            int count = (int) Math.min(part, total - first);
            if (tensor.decoding().isPresent()) {
                tensor.decoding().get().decode(files, first, count, numbers, 0);
            } else {
                StoredNumbers.read(files, tensor, first, count, numbers, 0);
            }
            for (int i = 0; i < count; i++) {
                if (!Float.isFinite(numbers[i])) {
                    return false;
                }
            }
        }
        return true;
    }
}
