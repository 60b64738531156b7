package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.mixer.MixerState;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.tensor.TorchRuntime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a prompt remembers is no more than its mixers say beforehand, in every family. */
class MixerStateTest {

    @BeforeAll
    static void asInProduction() {
        TorchRuntime.disableShapeSpecialization();
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void everyBlockRemembersAtMostWhatItsMixerSays(ParityCase parity) {
        try (CausalLanguageModel model = CausalLanguageModel.load(
                        CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, (done, total) -> {});
                PromptState state = model.decoder().emptyState()) {
            model.decoder()
                    .forward(List.of(state), PackedPrompts.of(parity.tokenIds()), (layer, residual, packed) -> packed);
            Architecture architecture = model.architecture();
            for (int block = 0; block < architecture.extents().blocks(); block++) {
                MixerState said = architecture
                        .mixer()
                        .apply(block)
                        .state(architecture.weights().block().apply(block));
                long most = said.perToken() * parity.tokens() + said.fixed();
                long numbers = state.of(block).stream()
                        .mapToLong(tensor -> tensor.floats().length)
                        .sum();
                assertTrue(numbers <= most, "block %d: %d numbers, said: %d".formatted(block, numbers, most));
                assertTrue(most <= 2 * numbers + 64, "block %d: %d numbers, said: %d".formatted(block, numbers, most));
            }
        }
    }
}
