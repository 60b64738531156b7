package dev.stratalens.engine.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tells whether the processor has instructions for bfloat16. Known on Linux only. */
public final class NativeBfloat16 {

    /** Names of the instructions in Linux on x86-64 and aarch64. */
    private static final List<String> FLAGS = List.of("avx512_bf16", "amx_bf16", "bf16");

    private NativeBfloat16() {}

    /**
     * Whether the processor has them; empty if unknown.
     *
     * @param proc {@code /proc} on Linux
     */
    public static Optional<Boolean> isPresent(Path proc) {
        try {
            String info = Files.readString(proc.resolve("cpuinfo"));
            Set<String> words = new HashSet<>(Arrays.asList(info.split("\\s+")));
            return words.contains("flags") || words.contains("Features")
                    ? Optional.of(FLAGS.stream().anyMatch(words::contains))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** A warning with a remedy, if the chosen type is slow on this processor. */
    public static Optional<String> warning(Precision chosen) {
        return warning(chosen, Path.of("/proc"));
    }

    static Optional<String> warning(Precision chosen, Path proc) {
        return chosen == Precision.BFLOAT16 && isPresent(proc).equals(Optional.of(false))
                ? Optional.of("bfloat16 was chosen, but this processor has no instructions for it, so it is slower than"
                        + " float32 and less exact. Set dtype to auto or float32.")
                : Optional.empty();
    }
}
