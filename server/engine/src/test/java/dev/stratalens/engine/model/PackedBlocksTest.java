package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placement.Stage;
import dev.stratalens.engine.model.weight.WeightForm;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocks whose quantized weights stay packed on their device, for which the processor under a number stands in. */
class PackedBlocksTest {

    /** Matrices whose inputs come first. */
    private static final Set<String> NOT_PACKED = Set.of("awq", "gptq-act-order", "gguf-gpt2");

    static Stream<ParityCase> quantized() {
        return ParityCases.otherFormats().filter(parity -> !parity.name().startsWith("gguf-converted-"));
    }

    @ParameterizedTest
    @MethodSource("quantized")
    void aPassOverPackedBlocksHasTheSameBits(ParityCase parity) {
        List<float[]> decoded = new ArrayList<>();
        long bytes = residuals(parity, Device.cpu(0), WeightForm.DECODED, decoded);
        List<float[]> packed = new ArrayList<>();
        long packedBytes = residuals(parity, Device.cpu(0), WeightForm.PACKED, packed);

        assertEquals(decoded.size(), packed.size());
        for (int layer = 0; layer < decoded.size(); layer++) {
            assertArrayEquals(decoded.get(layer), packed.get(layer), "layer " + layer);
        }
        assertEquals(NOT_PACKED.contains(parity.name()), packedBytes == bytes);
    }

    /** A device with memory of its own gets the codes and decodes them; it has shapes only. */
    @ParameterizedTest
    @EnumSource
    void aDistantDeviceDecodes(WeightForm form) {
        ParityCase parity = ParityCases.otherFormats()
                .filter(some -> some.name().equals("mlx-4bit"))
                .findFirst()
                .orElseThrow();
        try (CausalLanguageModel model = model(parity, Device.META, form)) {
            var rows = new ArrayList<Long>();
            model.decoder().forward(PackedPrompts.of(parity.tokenIds()), (layer, residual, packed) -> {
                rows.add((long) residual.rows());
                return packed;
            });
            assertEquals(parity.layers() + 1, rows.size());
        }
    }

    private static long residuals(ParityCase parity, Device device, WeightForm form, List<float[]> layers) {
        long bytes;
        CausalLanguageModel model = model(parity, device, form);
        try (model) {
            int[] ids = parity.tokenIds();
            PackedPrompts prompts = PackedPrompts.of(ids, Arrays.copyOf(ids, 3));
            // Tables of the rotary embedding are made in the first pass, and stay.
            model.decoder().forward(prompts, (layer, residual, packed) -> packed);
            int open = model.tensors().open();
            model.decoder().forward(prompts, (layer, residual, packed) -> {
                layers.add(residual.floats());
                return packed;
            });
            assertEquals(open, model.tensors().open(), "what was unpacked is freed");
            bytes = model.weightBytes();
        }
        assertEquals(0, model.tensors().open());
        return bytes;
    }

    private static CausalLanguageModel model(ParityCase parity, Device device, WeightForm form) {
        return CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()),
                Precision.FLOAT32,
                sizes -> new Placement(List.of(new Stage(device, 0, parity.layers(), form)), Device.CPU),
                (done, total) -> {});
    }
}
