package dev.stratalens.engine.checkpoint.quantization;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MlxQuantizationTest {

    private final Map<String, TensorInfo> stored = new LinkedHashMap<>();

    MlxQuantizationTest() {
        add("m.weight", StoredType.U32, 2, 8);
        add("m.scales", StoredType.F16, 2, 2);
        add("m.biases", StoredType.F16, 2, 2);
        add("norm.weight", StoredType.F16, 64);
    }

    @Test
    void weightScalesAndBiasesBecomeOneTensor() {
        Map<String, TensorInfo> tensors = apply("{\"group_size\": 32, \"bits\": 4}");

        assertEquals(Set.of("m.weight", "norm.weight"), tensors.keySet());
        TensorInfo weight = Objects.requireNonNull(tensors.get("m.weight"));
        assertArrayEquals(new long[] {2, 64}, weight.shape());
        assertEquals(StoredType.F16, weight.type());
        assertTrue(weight.isQuantized());
    }

    @Test
    void aModulesOwnSizesWin() {
        Map<String, TensorInfo> tensors =
                apply("{\"group_size\": 64, \"bits\": 8, \"m\": {\"group_size\": 32, \"bits\": 4}}");

        assertArrayEquals(
                new long[] {2, 64},
                Objects.requireNonNull(tensors.get("m.weight")).shape());
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"group_size\": 32, \"bits\": 7}', quantization.bits is 7; allowed: one of [2",
        "'{\"group_size\": 48, \"bits\": 4}', quantization.group_size is 48; allowed: one of [32",
        "'{\"bits\": 4}', quantization.group_size is missing",
        "'{\"group_size\": 32, \"bits\": 4, \"mode\": \"mxfp4\"}', quantization.mode is mxfp4; allowed: affine",
        "'{\"group_size\": 32, \"bits\": 4, \"m\": {\"group_size\": 32, \"bits\": 9}}', quantization.m.bits is 9"
    })
    void whatMlxDoesNotWriteOrIsNotReadIsRefused(String quantization, String message) {
        assertRefused(message, quantization);
    }

    @Test
    void sizesThatDoNotFitTheTensorsAreRefused() {
        assertRefused("do not fit 8 bits in groups of 32", "{\"group_size\": 32, \"bits\": 8}");
    }

    /** As in conversions of gpt-oss: no biases, and some modules in another mode. */
    @Test
    void anotherModeIsNamedRatherThanTheBiasesThatItLacks() {
        stored.remove("m.biases");

        assertRefused(
                "quantization.mode is mxfp4; allowed: affine. Use a conversion in that mode, or the model's original files",
                "{\"group_size\": 32, \"bits\": 4, \"mode\": \"mxfp4\", \"n\": {\"group_size\": 64, \"bits\": 8}}");
    }

    @Test
    void missingBiasesAreNamed() {
        stored.remove("m.biases");

        assertRefused("\"m.weight\" has scales, but no biases", "{\"group_size\": 32, \"bits\": 4}");
    }

    @Test
    void biasesOfAnotherShapeAreRefused() {
        add("m.biases", StoredType.F16, 2, 3);

        assertRefused("different shapes or types", "{\"group_size\": 32, \"bits\": 4}");
    }

    @Test
    void aStackOfExpertsBecomesTheMatrixOfEach() {
        add("mlp.switch_mlp.up_proj.weight", StoredType.U32, 3, 2, 8);
        add("mlp.switch_mlp.up_proj.scales", StoredType.F16, 3, 2, 2);
        add("mlp.switch_mlp.up_proj.biases", StoredType.F16, 3, 2, 2);
        add("block_sparse_moe.switch_mlp.down_proj.weight", StoredType.F16, 2, 4, 5);

        Map<String, TensorInfo> tensors = apply("{\"group_size\": 32, \"bits\": 4}");

        TensorInfo quantized = Objects.requireNonNull(tensors.get("mlp.experts.2.up_proj.weight"));
        assertArrayEquals(new long[] {2, 64}, quantized.shape());
        assertTrue(quantized.isQuantized());
        TensorInfo plain = Objects.requireNonNull(tensors.get("block_sparse_moe.experts.1.w2.weight"));
        assertArrayEquals(new long[] {4, 5}, plain.shape());
        assertEquals(40, plain.offset());
        assertEquals(40, plain.byteCount());
        assertEquals(2 + 3 + 2, tensors.size());
    }

    @Test
    void aStackOfMoreExpertsThanAnyModelHasIsNotTakenApart() {
        add("mlp.switch_mlp.up_proj.weight", StoredType.F16, 1L << 40, 0, 0);

        assertTrue(apply("{\"group_size\": 32, \"bits\": 4}").containsKey("mlp.switch_mlp.up_proj.weight"));
    }

    @Test
    void scalesOfAPlainTensorAreRefused() {
        add("m.weight", StoredType.F16, 2, 8);

        assertRefused("not a packed tensor of type U32", "{\"group_size\": 32, \"bits\": 4}");
    }

    private void assertRefused(String message, String quantization) {
        InvalidCheckpointException failure = assertThrows(InvalidCheckpointException.class, () -> apply(quantization));
        assertTrue(failure.toString().contains(message), failure.toString());
    }

    private Map<String, TensorInfo> apply(String quantization) {
        HfConfig config = HfConfig.parse("{\"model_type\": \"llama\", \"quantization\": %s}".formatted(quantization));
        return MlxQuantization.of(config).orElseThrow().apply(stored);
    }

    private void add(String name, StoredType type, long... shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        stored.put(
                name,
                new TensorInfo(name, type, shape, Path.of("model.safetensors"), 0, elements * type.bitSize() / 8));
    }
}
