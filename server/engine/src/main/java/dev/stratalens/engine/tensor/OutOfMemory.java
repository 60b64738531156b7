package dev.stratalens.engine.tensor;

import dev.stratalens.engine.error.DeviceMemoryException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognizes the library's complaint that a device has no memory left. */
final class OutOfMemory {

    /** {@code CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has … of which 1.10 GiB is free.} */
    private static final Pattern CARD = Pattern.compile(
            "CUDA out of memory\\. Tried to allocate ([\\d.]+) (\\w+)(?:.*? of which ([\\d.]+) (\\w+) is free)?",
            Pattern.DOTALL);

    /** Complaints without numbers: of the driver, and of the library of products. */
    private static final Pattern WITHOUT_NUMBERS =
            Pattern.compile("CUDA error: out of memory|CUBLAS_STATUS_ALLOC_FAILED|CUDNN_STATUS_ALLOC_FAILED");

    private static final Pattern PROCESSOR =
            Pattern.compile("DefaultCPUAllocator: can't allocate memory: you tried to allocate (\\d+) bytes");

    private static final Map<String, Double> UNITS =
            Map.of("bytes", 1.0, "KiB", 0x1p10, "MiB", 0x1p20, "GiB", 0x1p30, "TiB", 0x1p40);

    private OutOfMemory() {}

    /** The failure for callers if this is such a complaint, else the same failure. */
    static RuntimeException of(Device device, RuntimeException failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher card = CARD.matcher(message);
        Matcher processor = PROCESSOR.matcher(message);
        RuntimeException found;
        if (card.find()) {
            found = new DeviceMemoryException(
                    device.name(), bytes(card.group(1), card.group(2)), bytes(card.group(3), card.group(4)));
        } else if (processor.find()) {
            found = new DeviceMemoryException(device.name(), Long.parseLong(processor.group(1)), 0);
        } else if (WITHOUT_NUMBERS.matcher(message).find()) {
            found = new DeviceMemoryException(device.name(), 0, 0);
        } else {
            return failure;
        }
        found.initCause(failure);
        return found;
    }

    private static long bytes(@Nullable String number, @Nullable String unit) {
        return number == null || unit == null ? 0 : (long) (Double.parseDouble(number) * UNITS.getOrDefault(unit, 0.0));
    }
}
