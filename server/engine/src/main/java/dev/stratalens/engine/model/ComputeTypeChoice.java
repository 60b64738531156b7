package dev.stratalens.engine.model;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.ComputeChoice.Reason;
import dev.stratalens.engine.model.weight.TorchTypes;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Chooses the compute type of a model. Small models compute in float32: they are fast either way, and float32 is exact.
 * For other models it times a product of the model's own size, because machines differ: bfloat16 is three times as fast
 * as float32 on a processor with instructions for it, and slower on others.
 */
final class ComputeTypeChoice {

    /** Size of weights below which float32 is fast enough, in bytes. */
    static final long SMALL_MODEL = 64L << 20;

    private static final int ROWS = 64;
    private static final int LARGEST_TILE = 4096;
    private static final int REPETITIONS = 3;

    /** bfloat16 is approximate, so it has to be clearly faster. */
    private static final double CLEARLY_FASTER = 1.3;

    private ComputeTypeChoice() {}

    /**
     * Chooses the compute type.
     *
     * @param stored common type of the weights; empty if there are several
     * @param weightBytes size of the weights
     * @param fastest the device whose speed decides
     * @param bfloat16Speedup speed of bfloat16 divided by that of float32; called only if it matters
     */
    static ComputeChoice choose(
            Precision precision,
            Optional<DataType> stored,
            long weightBytes,
            Device fastest,
            DoubleSupplier bfloat16Speedup) {
        if (precision != Precision.AUTO) {
            return ComputeChoice.unmeasured(DataType.valueOf(precision.name()), Reason.PINNED);
        }
        if (!stored.equals(Optional.of(DataType.BFLOAT16))) {
            return ComputeChoice.unmeasured(DataType.FLOAT32, Reason.STORED);
        }
        if (weightBytes < SMALL_MODEL) {
            return ComputeChoice.unmeasured(DataType.FLOAT32, Reason.SMALL);
        }
        if (!fastest.isHost()) {
            return ComputeChoice.unmeasured(DataType.BFLOAT16, Reason.CARD);
        }
        double speedup = bfloat16Speedup.getAsDouble();
        return new ComputeChoice(
                speedup > CLEARLY_FASTER ? DataType.BFLOAT16 : DataType.FLOAT32, Reason.MEASURED, speedup);
    }

    /** Speed of bfloat16 divided by that of float32, for a product of a model's size on a device. */
    static double bfloat16Speedup(Architecture architecture, Device device) {
        try (TorchProgram program = TorchProgram.compile(device, "calibration", Map.of(), new TensorCount())) {
            return (double) time(program, DataType.FLOAT32, architecture)
                    / time(program, DataType.BFLOAT16, architecture);
        }
    }

    /** Shortest of some repetitions, in nanoseconds; the first one, which initializes the library, does not count. */
    private static long time(TorchProgram program, DataType type, Architecture architecture) {
        long shortest = Long.MAX_VALUE;
        long hidden = architecture.extents().hidden();
        long columns = Math.min(LARGEST_TILE, architecture.extents().vocabulary());
        try (TorchScope scope = program.scope()) {
            TorchTensor rows = program.tensor(scope, "random", (long) ROWS, hidden, TorchTypes.code(type));
            TorchTensor weights = program.tensor(scope, "random", columns, hidden, TorchTypes.code(type));
            for (int i = 0; i <= REPETITIONS; i++) {
                long start = System.nanoTime();
                program.tensor(scope, "product", rows, weights).close();
                if (i > 0) {
                    shortest = Math.min(shortest, System.nanoTime() - start);
                }
            }
        }
        return shortest;
    }
}
