package dev.stratalens.engine.checkpoint.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.SafetensorsFile;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.error.InvalidCheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refusals of quantized directories; {@code DecodedBlocksTest} has their numbers. */
class QuantizationsTest {

    private static final Path RECORDED = Path.of("src/test/resources/formats/blocks/quantized");

    @ParameterizedTest
    @CsvSource({
        "fp8, blocks.weight, blocks.weight_scale_inv",
        "fbgemm_fp8, rows.weight, rows.weight_scale",
        "compressed-tensors, int4-groups.weight_shape, int4-groups.weight_packed",
        "compressed-tensors, nvfp4.weight_global_scale, nvfp4.weight_packed",
        "compressed-tensors, bytes-rows.weight, bytes-rows.weight_scale",
        "awq, groups.qzeros, groups.qweight",
        "awq, groups.scales, groups.qweight",
        "gptq, 4bits.scales, 4bits.qweight",
        "bitsandbytes, nf4.weight.absmax, nf4.weight.quant_state.bitsandbytes__nf4",
        "bitsandbytes, nf4-nested.weight.nested_quant_map, nf4-nested.weight.quant_state.bitsandbytes__nf4",
        "bitsandbytes, int8.weight, int8.SCB"
    })
    void aPartWithoutItsCounterpartIsRefused(String method, String missing, String named) throws IOException {
        Map<String, TensorInfo> stored = stored(method);
        stored.remove(missing);

        assertRefused(method, stored, named, "needs \"" + missing + "\" beside it");
    }

    @ParameterizedTest
    @CsvSource({
        "fp8, blocks.weight_scale_inv, F32, 5",
        "fp8, blocks.weight, I32, 64x96",
        "fp8, blocks.weight_scale_inv, I32, 2x3",
        "fbgemm_fp8, rows.weight_scale, F32, 63x1",
        "compressed-tensors, int4-groups.weight_packed, I32, 64x13",
        "compressed-tensors, int4-groups.weight_scale, BF16, 64x5",
        "compressed-tensors, int4-zeros.weight_zero_point, I32, 64x3",
        "compressed-tensors, int4-order.weight_g_idx, I32, 95",
        "compressed-tensors, bytes-zeros.weight_zero_point, I32, 64x1",
        "compressed-tensors, nvfp4.weight_scale, F8_E4M3, 32x12",
        "awq, groups.qzeros, I32, 3x7",
        "awq, groups.qweight, U8, 96x8",
        "gptq, 4bits.qzeros, I32, 2x8",
        "gptq, 4bits.g_idx, I32, 48",
        "gptq, 4bits.g_idx, I64, 96",
        "bitsandbytes, nf4.weight, U8, 3071x1",
        "bitsandbytes, nf4.weight.absmax, U8, 96",
        "bitsandbytes, int8.SCB, F32, 63"
    })
    void partsThatDoNotFitAreRefused(String method, String name, StoredType type, String sizes) throws IOException {
        Map<String, TensorInfo> stored = stored(method);
        TensorInfo part = Objects.requireNonNull(stored.get(name));
        long[] shape = Pattern.compile("x")
                .splitAsStream(sizes)
                .mapToLong(Long::parseLong)
                .toArray();
        long numbers = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        stored.put(
                name,
                new TensorInfo(name, type, shape, part.file(), part.offset(), numbers * type.bitSize() / Byte.SIZE));

        var refusal = assertThrows(InvalidCheckpointException.class, () -> decoded(method, stored));
        assertTrue(refusal.getMessage().contains("Check that weights and config.json"), refusal.getMessage());
    }

    @Test
    void aGroupThatDoesNotExistIsRefused(@TempDir Path folder) throws IOException {
        Map<String, TensorInfo> stored = stored("gptq");
        Path file = Files.write(folder.resolve("indexes"), new byte[0]);
        byte[] indexes = new byte[96 * Integer.BYTES];
        indexes[4] = 3;
        Files.write(file, indexes);
        stored.put("4bits.g_idx", new TensorInfo("4bits.g_idx", StoredType.I32, new long[] {96}, file, 0, 96 * 4));
        TensorInfo weight = Objects.requireNonNull(decoded("gptq", stored).get("4bits.weight"));

        try (var files = new StoredBytes()) {
            var refusal = assertThrows(
                    InvalidCheckpointException.class,
                    () -> weight.decoding().orElseThrow().decode(files, 0, 64 * 96, new float[64 * 96], 0));
            assertTrue(refusal.getMessage().contains("has the group 3; there are 3 groups"), refusal.getMessage());
        }
    }

    @Test
    void widthsThatTheConfigurationDoesNotHaveAreRefused() throws IOException {
        Map<String, TensorInfo> stored = stored("gptq");
        HfConfig config = HfConfig.parse(
                "{\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 4, \"group_size\": 32}}");

        var refusal = assertThrows(InvalidCheckpointException.class, () -> Quantizations.decoded(config, stored));
        assertTrue(refusal.getMessage().contains("config.json says 4"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "[64], does not have a shape of two sizes",
        "'[64, -1]', has no usable \"shape\"",
        "'[63, 97]', has an odd number of numbers",
        "'[64, 98]', does not fit"
    })
    void aShapeThatDoesNotFitItsBytesIsRefused(String shape, String message, @TempDir Path folder) throws IOException {
        Map<String, TensorInfo> stored = stored("bitsandbytes");
        String name = "nf4.weight.quant_state.bitsandbytes__nf4";
        byte[] json = "{\"blocksize\": 64, \"shape\": %s}".formatted(shape).getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("state"), json);
        stored.put(name, new TensorInfo(name, StoredType.U8, new long[] {json.length}, file, 0, json.length));

        assertRefused("bitsandbytes", stored, shape.equals("[64, 98]") ? "nf4.weight" : name, message);
    }

    @Test
    void scalesOfActivationsAreLeftOut() throws IOException {
        Map<String, TensorInfo> stored = stored("fp8");
        var left = new ArrayList<>(stored.keySet());
        left.removeAll(decoded("fp8", stored).keySet());

        assertTrue(left.contains("blocks.activation_scale"), left.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"quantization\": {\"bits\": 4, \"group_size\": 32, \"m\": true}'",
        "'\"quantization_config\": {\"bits\": 4, \"group_size\": 32}'",
        "'\"quantization_config\": {\"bits\": 4, \"group_size\": 32, \"quant_method\": \"mlx\"}'"
    })
    void everySpellingOfMlxIsRead(String key) {
        var stored = new LinkedHashMap<String, TensorInfo>();
        add(stored, "m.weight", StoredType.U32, 2, 8);
        add(stored, "m.scales", StoredType.F16, 2, 2);
        add(stored, "m.biases", StoredType.F16, 2, 2);

        var decoded = Quantizations.decoded(HfConfig.parse("{\"model_type\": \"llama\", %s}".formatted(key)), stored);

        assertEquals(64, Objects.requireNonNull(decoded.get("m.weight")).shape()[1]);
    }

    private static void add(Map<String, TensorInfo> stored, String name, StoredType type, long rows, long columns) {
        stored.put(
                name,
                new TensorInfo(
                        name,
                        type,
                        new long[] {rows, columns},
                        Path.of("model.safetensors"),
                        0,
                        rows * columns * type.bitSize() / Byte.SIZE,
                        Optional.empty()));
    }

    private static void assertRefused(String method, Map<String, TensorInfo> stored, String offender, String message) {
        var refusal = assertThrows(InvalidCheckpointException.class, () -> decoded(method, stored));
        assertEquals(List.of(offender), refusal.offenders());
        assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    }

    private static Map<String, TensorInfo> stored(String method) {
        return new LinkedHashMap<>(SafetensorsFile.read(RECORDED.resolve(method).resolve("model.safetensors")));
    }

    private static Map<String, TensorInfo> decoded(String method, Map<String, TensorInfo> stored) throws IOException {
        HfConfig config =
                HfConfig.parse(Files.readString(RECORDED.resolve(method).resolve("config.json")));
        return Quantizations.decoded(config, stored);
    }
}
