package dev.stratalens.engine.checkpoint.gguf.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.rope.RopeParameters;
import dev.stratalens.engine.architecture.rope.RopeScaling;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.HfConfig;
import dev.stratalens.engine.checkpoint.SafetensorsBytes;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.gguf.GgufBytes;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufCheckpointTest {

    private static final Path RECORDED = Path.of("src/test/resources/formats/models");

    @TempDir
    private Path directory;

    @Test
    void namesAreThoseOfTransformers() {
        Map<String, TensorInfo> tensors =
                CheckpointReader.open(RECORDED.resolve("gguf-llama/model.gguf")).tensors();

        assertTrue(
                tensors.containsKey("model.layers.2.mlp.down_proj.weight"),
                tensors.keySet().toString());
        assertTrue(tensors.containsKey("lm_head.weight"));
        TensorInfo transposed = Objects.requireNonNull(CheckpointReader.open(RECORDED.resolve("gguf-gpt2/model.gguf"))
                .tensors()
                .get("transformer.h.0.mlp.c_fc.weight"));
        assertArrayEquals(new long[] {64, 256}, transposed.shape());
    }

    @Test
    void keysBecomeAConfiguration() {
        HfConfig config =
                CheckpointReader.open(RECORDED.resolve("gguf-llama/model.gguf")).config();

        assertEquals("llama", config.modelType());
        assertEquals(3, config.integer("num_hidden_layers"));
        assertEquals(2, config.integer("num_key_value_heads"));
        assertEquals(1e-5, config.number("rms_norm_eps"));
        assertEquals(500, config.number("rope_theta"));
        assertEquals(282, config.integer("vocab_size"));
        assertFalse(config.bool("tie_word_embeddings", true));
    }

    @Test
    void plainNumbersStayInTheFile() {
        Map<String, TensorInfo> tensors =
                CheckpointReader.open(RECORDED.resolve("gguf-llama/model.gguf")).tensors();

        assertTrue(Objects.requireNonNull(tensors.get("model.norm.weight"))
                .decoding()
                .isEmpty());
        assertEquals(
                StoredType.F32,
                Objects.requireNonNull(tensors.get("model.norm.weight")).type());
    }

    @ParameterizedTest
    @CsvSource({"bert", "t5", "minicpm", "''"})
    void otherArchitecturesAreRefusedByName(String architecture) {
        LensFailure failure = assertThrows(
                UnsupportedArchitectureException.class,
                () -> open(GgufBytes.header(0, 1).string("general.architecture", architecture)));

        assertTrue(failure.toString().contains('"' + architecture + '"'), failure.toString());
        assertTrue(failure.toString().contains("llama"), failure.toString());
    }

    @Test
    void aMissingArchitectureIsNamed() {
        assertRefused("general.architecture is missing", GgufBytes.header(0, 0));
    }

    @ParameterizedTest
    @CsvSource({"block_count", "context_length", "embedding_length", "attention.head_count"})
    void missingSizesAreNamed(String key) {
        GgufBytes bytes = GgufBytes.header(0, 4).string("general.architecture", "llama");
        for (String other :
                new String[] {"block_count", "context_length", "embedding_length", "attention.head_count"}) {
            if (!other.equals(key)) {
                bytes.uint32("llama." + other, 2);
            }
        }

        assertRefused("llama." + key + " is missing", bytes);
    }

    @ParameterizedTest
    @CsvSource({"expert_weights_scale", "attention.sliding_window", "logit_scale"})
    void keysThatWouldChangeTheResultAreRefusedWhereTheyAreNotRead(String key) {
        assertRefused(
                "llama." + key + " is not supported for this architecture",
                llama(0, 1).uint32("llama." + key, 8));
    }

    /** Files of OLMo 3 say that they are of OLMo 2, whose blocks have no window. */
    @Test
    void anOlmo2FileWithAWindowIsOfOlmo3() {
        assertEquals(
                "olmo3",
                open(model("olmo2", 0, 1).uint32("olmo2.attention.sliding_window", 4096))
                        .config()
                        .modelType());
        assertEquals("olmo2", open(model("olmo2", 0, 0)).config().modelType());
    }

    @Test
    void blocksThatPredictFurtherTokensAreLeftOut() {
        Checkpoint checkpoint = open(model("glm4moe", 2, 1)
                .uint32("glm4moe.nextn_predict_layers", 0)
                .tensor("blk.0.attn_norm.weight", 0, 0, 16)
                .tensor("blk.1.attn_norm.weight", 0, 64, 16)
                .withData(128));
        assertTrue(checkpoint.tensors().containsKey("model.layers.1.input_layernorm.weight"));

        assertRefused(
                "glm4moe.nextn_predict_layers is 1; allowed: less than the blocks, 1",
                model("glm4moe", 0, 1).uint32("glm4moe.nextn_predict_layers", 1));
    }

    @Test
    void aListNeedsANumberForEachBlock() {
        assertRefused(
                "jamba.attention.head_count_kv is a list of 0; allowed: a count for each block",
                model("jamba", 0, 1).strings("jamba.attention.head_count_kv"));
    }

    @Test
    void graniteNeedsItsScaleOfScores() {
        assertRefused("granite.attention.scale is missing", model("granite", 0, 0));
    }

    @Test
    void graniteWithoutRotationIsRefused() {
        assertRefused(
                "granite.rope.scaling.finetuned is false",
                model("granite", 0, 1).no("granite.rope.scaling.finetuned"));
    }

    @Test
    void blocksWithAWindowAreFlagsNotTexts() {
        assertRefused(
                "exaone4.attention.sliding_window_pattern is a list of 1; allowed: a list of true and false",
                model("exaone4", 0, 1).strings("exaone4.attention.sliding_window_pattern", "local"));
    }

    @Test
    void expertsOfGptOssAreApartAndItsSinksHaveNoSuffix() {
        Map<String, TensorInfo> tensors = CheckpointReader.open(RECORDED.resolve("gguf-gpt-oss/model.gguf"))
                .tensors();

        assertTrue(
                tensors.containsKey("model.layers.1.self_attn.sinks"),
                tensors.keySet().toString());
        TensorInfo gate = Objects.requireNonNull(tensors.get("model.layers.1.mlp.experts.2.gate_proj.weight"));
        assertArrayEquals(new long[] {64, 32}, gate.shape());
        TensorInfo bias = Objects.requireNonNull(tensors.get("model.layers.1.mlp.experts.2.up_proj.bias"));
        assertArrayEquals(new long[] {64}, bias.shape());
    }

    @Test
    void linearAndYarnScalingAreRead() {
        assertEquals(
                new RopeScaling.Linear(4),
                scaling(llama(0, 2)
                        .string("llama.rope.scaling.type", "linear")
                        .uint32("llama.rope.scaling.factor", 4)));
        assertTrue(
                scaling(llama(0, 3)
                                .string("llama.rope.scaling.type", "yarn")
                                .uint32("llama.rope.scaling.original_context_length", 16)
                                .uint32("llama.rope.scaling.factor", 4))
                        instanceof RopeScaling.Yarn);
    }

    @Test
    void aFactorWithoutAKindIsLinear() {
        assertEquals(new RopeScaling.Linear(4), scaling(llama(0, 1).uint32("llama.rope.scaling.factor", 4)));
    }

    @Test
    void keysWithTheirUsualValuesAreNoDifference() {
        open(llama(0, 4)
                .uint32("llama.expert_count", 0)
                .uint32("llama.vocab_size", 7)
                .uint32("llama.attention.value_length", 8)
                .string("general.unheard_of", "x"));
    }

    @Test
    void unknownKeysOfTheArchitectureAreRefused() {
        assertRefused(
                "llama.attention.unheard_of is not supported for this architecture",
                llama(0, 1).string("llama.attention.unheard_of", "x"));
        assertRefused(
                "llama.attention.value_length is 4; allowed: the size of keys, 8",
                llama(0, 1).uint32("llama.attention.value_length", 4));
    }

    @Test
    void unknownScalingIsRefused() {
        assertRefused(
                "llama.rope.scaling.type is \"dynamic\"; allowed: none, linear",
                llama(0, 1).string("llama.rope.scaling.type", "dynamic"));
    }

    /** Factors of Llama 3.1 for heads of 8 and base 500,000: the first two are kept, the last is divided by all of 8. */
    @Test
    void llama3FactorsAreRecognized() {
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 8192), scaling(factors(1, 1, 2.69453f, 8)));
    }

    @Test
    void otherFactorsAreRefused() {
        InvalidCheckpointException failure =
                assertThrows(InvalidCheckpointException.class, () -> scaling(factors(1, 2, 4, 8)));

        assertTrue(failure.toString().contains("differ from those of Llama 3"), failure.toString());
    }

    private byte[] factors(float... factors) {
        byte[] bytes = llama(1, 1)
                .uint32("llama.rope.freq_base", 500_000)
                .tensor("rope_freqs.weight", 0, 0, factors.length)
                .withData(4 * factors.length);
        ByteBuffer.wrap(bytes, bytes.length - 4 * factors.length, 4 * factors.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .put(factors);
        return bytes;
    }

    private static GgufBytes llama(int tensors, int moreKeys) {
        return model("llama", tensors, moreKeys);
    }

    private static GgufBytes model(String architecture, int tensors, int moreKeys) {
        return GgufBytes.header(tensors, 5 + moreKeys)
                .string("general.architecture", architecture)
                .uint32(architecture + ".block_count", 1)
                .uint32(architecture + ".context_length", 64)
                .uint32(architecture + ".embedding_length", 16)
                .uint32(architecture + ".attention.head_count", 2);
    }

    private RopeScaling scaling(GgufBytes bytes) {
        return scaling(bytes.bytes());
    }

    private RopeScaling scaling(byte[] bytes) {
        return RopeParameters.of(open(bytes).config(), RopeParameters.Defaults.USUAL)
                .scaling();
    }

    private void assertRefused(String message, GgufBytes bytes) {
        InvalidCheckpointException failure = assertThrows(InvalidCheckpointException.class, () -> open(bytes));
        assertTrue(failure.toString().contains(message), failure.toString());
    }

    private Checkpoint open(GgufBytes bytes) {
        return open(bytes.bytes());
    }

    private Checkpoint open(byte[] bytes) {
        return CheckpointReader.open(SafetensorsBytes.write(directory.resolve("model.gguf"), bytes));
    }
}
