package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placement.Stage;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TensorCount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Blocks on a device whose memory the heap cannot read, as that of a card. The device has shapes only, so this shows that
 * weights, tokens and tables are copied there and that no tensor of the processor is used; numbers it cannot show.
 */
class DistantBlocksTest {

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "bloom", "opt-350m", "llama-bf16-sharded"})
    void weightsAndTokensAreCopiedThere(String name) {
        ParityCase parity = ParityCases.named(name);
        TensorCount count;
        try (CausalLanguageModel model = model(parity)) {
            count = model.tensors();
            var devices = new ArrayList<Device>();
            model.decoder().forward(PackedPrompts.of(parity.tokenIds()), (layer, residual, packed) -> {
                devices.add(residual.device());
                assertEquals(parity.tokens(), residual.rows());
                return packed;
            });

            assertEquals(Collections.nCopies(parity.layers() + 1, Device.META), devices);
            assertEquals(Device.CPU, model.head().unembedding().device());
            assertEquals(
                    List.of(Device.META, Device.CPU),
                    List.copyOf(model.weightBytesByDevice().keySet()));
        }
        assertEquals(0, count.open());
    }

    @ParameterizedTest
    @ValueSource(strings = "llama")
    void rowsAreRefusedByAHeadElsewhere(String name) {
        ParityCase parity = ParityCases.named(name);
        try (CausalLanguageModel model = model(parity);
                var scope = model.decoder().requestScope(model.placement().head())) {
            model.decoder().forward(PackedPrompts.of(parity.tokenIds()), (layer, residual, packed) -> {
                assertThrows(IllegalStateException.class, () -> model.head().normed(scope, residual));
                return packed;
            });
        }
    }

    private static CausalLanguageModel model(ParityCase parity) {
        return CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()),
                Precision.FLOAT32,
                sizes -> new Placement(List.of(new Stage(Device.META, 0, parity.layers())), Device.CPU),
                (done, total) -> {});
    }
}
