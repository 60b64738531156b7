package dev.stratalens.engine.model;

import dev.stratalens.engine.model.weight.PackedWeights;
import dev.stratalens.engine.tensor.TorchProgram;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import dev.stratalens.engine.tensor.TorchTensorMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The weights of a block, ready for its program. Not thread-safe. */
sealed interface BlockWeights {

    /** Gives what work gives that needs the weights. */
    <T> T during(Function<TorchTensorMap, T> work);

    /** Weights that stay as they are. */
    record Resident(TorchTensorMap weights) implements BlockWeights {

        @Override
        public <T> T during(Function<TorchTensorMap, T> work) {
            return work.apply(weights);
        }
    }

    /**
     * Weights of which some are packed, and are unpacked for each use.
     *
     * @param program on the device
     * @param resident the others
     */
    record Packed(TorchProgram program, Map<String, TorchTensor> resident, PackedWeights packed)
            implements BlockWeights {

        @Override
        public <T> T during(Function<TorchTensorMap, T> work) {
            try (TorchScope unpacked = program.scope()) {
                var all = new HashMap<>(resident);
                all.putAll(packed.unpacked(unpacked));
                try (TorchTensorMap weights = program.map(all)) {
                    return work.apply(weights);
                }
            }
        }
    }
}
