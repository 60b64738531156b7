package dev.stratalens.server.model;

import dev.stratalens.server.model.architecture.Architecture;
import dev.stratalens.server.model.checkpoint.DataType;
import dev.stratalens.server.model.torch.TorchProgram;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the compute type. Machines differ: bfloat16 products are three times as fast as float32 ones where the processor
 * has instructions for them, and slower elsewhere, so a product of the model's own size is timed.
 */
final class ComputeTypeChoice {

    private static final int ROWS = 64;
    private static final int LARGEST_TILE = 4096;
    private static final int REPETITIONS = 3;

    /** bfloat16 is approximate, so it has to be clearly faster. */
    private static final double CLEARLY_FASTER = 1.3;

    private ComputeTypeChoice() {}

    /** @param stored common type of the weights; empty where several occur */
    static DataType choose(Precision precision, Optional<DataType> stored, Architecture architecture) {
        return switch (precision) {
            case FLOAT32 -> DataType.FLOAT32;
            case BFLOAT16 -> DataType.BFLOAT16;
            case AUTO ->
                stored.equals(Optional.of(DataType.BFLOAT16)) && isFaster(DataType.BFLOAT16, architecture)
                        ? DataType.BFLOAT16
                        : DataType.FLOAT32;
        };
    }

    private static boolean isFaster(DataType type, Architecture architecture) {
        try (TorchProgram program = TorchProgram.compile("calibration", Map.of())) {
            return time(program, DataType.FLOAT32, architecture) > CLEARLY_FASTER * time(program, type, architecture);
        }
    }

    /** Shortest of some runs, in nanoseconds; the first run, which sets the library up, does not count. */
    private static long time(TorchProgram program, DataType type, Architecture architecture) {
        long shortest = Long.MAX_VALUE;
        long hidden = architecture.sizes().hiddenSize();
        long columns = Math.min(LARGEST_TILE, architecture.sizes().vocabularySize());
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
