package dev.stratalens.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.model.weight.OwnedResources;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.WeightPlan;
import dev.stratalens.engine.model.weight.WeightStores;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import dev.stratalens.engine.tensor.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes that must not affect the residual stream, for every family. */
class DecoderTest {

    private static final int ALL_ROWS = 256;
    private static final int FEW_ROWS = 3;
    private static final float ROUNDING = 2e-4f;

    @BeforeAll
    static void asInProduction() {
        TorchRuntime.disableShapeSpecialization();
    }

    /** Cases whose attention is not one fused call, or with other mixers, which take few tokens at a time, too. */
    static Stream<ParityCase> attentionByRows() {
        return ParityCases.all().filter(parity -> {
            Architecture architecture = Architectures.of(
                    CheckpointReader.open(parity.modelDirectory()).config());
            return IntStream.range(0, parity.layers())
                            .anyMatch(
                                    block -> !architecture.mixer().apply(block).growing())
                    || !architecture.attention().fusible()
                    || IntStream.range(0, parity.layers())
                            .anyMatch(block -> architecture.attention().window().applyAsInt(block) > 0);
        });
    }

    @ParameterizedTest
    @MethodSource("attentionByRows")
    void attentionByFewQueryRowsIsAttentionByAll(ParityCase parity) {
        int[] ids = parity.tokenIds();
        List<float[]> expected = residuals(parity, ALL_ROWS, ids);
        List<float[]> actual = residuals(parity, FEW_ROWS, ids);
        for (int layer = 0; layer < expected.size(); layer++) {
            assertArrayEquals(expected.get(layer), actual.get(layer), ROUNDING, "layer " + (layer - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void packedPromptsDoNotTouch(ParityCase parity) {
        int[] whole = parity.tokenIds();
        int[] half = Arrays.copyOf(whole, 5);
        try (var owned = new OwnedResources()) {
            Decoder decoder = decoder(parity, ALL_ROWS, owned);
            List<float[]> first = forward(decoder, half);
            List<float[]> second = forward(decoder, whole);
            List<float[]> together = forward(decoder, half, whole, half);
            for (int layer = 0; layer < together.size(); layer++) {
                float[] expected = joined(first.get(layer), second.get(layer), first.get(layer));
                assertArrayEquals(expected, together.get(layer), ROUNDING, "layer " + (layer - 1));
            }
        }
    }

    private static float[] joined(float[]... parts) {
        var all = new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int first = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, first, part.length);
            first += part.length;
        }
        return all;
    }

    /** Every layer's rows of a prompt. */
    private static List<float[]> residuals(ParityCase parity, int queryRows, int[] prompt) {
        try (var owned = new OwnedResources()) {
            return forward(decoder(parity, queryRows, owned), prompt);
        }
    }

    private static List<float[]> forward(Decoder decoder, int[]... prompts) {
        var layers = new ArrayList<float[]>();
        decoder.forward(PackedPrompts.of(prompts), (layer, residual, packed) -> {
            layers.add(residual.floats());
            return packed;
        });
        return layers;
    }

    private static Decoder decoder(ParityCase parity, int queryRows, OwnedResources owned) {
        Checkpoint checkpoint = CheckpointReader.open(parity.modelDirectory());
        Architecture architecture = Architectures.of(checkpoint.config());
        WeightPlan plan = WeightPlan.of(architecture, checkpoint.tensors());
        var placement = Placement.on(Device.CPU, plan.blocks().size());
        var stores = new WeightStores(placement, owned);
        return new Decoder(architecture, plan, placement, stores, DataType.FLOAT32, blocks -> {}, owned, queryRows);
    }
}
