package dev.stratalens.engine.checkpoint;

import static dev.stratalens.engine.checkpoint.SafetensorsBytes.tensor;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {

    private static final Path RECORDED = Path.of("src/test/resources/parity");

    @TempDir
    private Path directory;

    @BeforeEach
    void configure() throws IOException {
        write("config.json", "{\"model_type\":\"llama\"}");
    }

    @Test
    void aSingleFileIsRead() {
        writeShard("model.safetensors", "a", "b");

        Checkpoint checkpoint = CheckpointReader.open(directory);

        assertEquals(Set.of("a", "b"), checkpoint.tensors().keySet());
        assertEquals("llama", checkpoint.config().modelType());
        assertEquals(directory, checkpoint.directory());
        assertEquals("", checkpoint.revision());
        assertThrows(
                UnsupportedOperationException.class, () -> checkpoint.tensors().clear());
    }

    @Test
    void shardsAreReadTogether() throws IOException {
        writeShard("model-1.safetensors", "a");
        writeShard("model-2.safetensors", "b");
        writeIndex("\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"");

        Checkpoint checkpoint = CheckpointReader.open(directory);

        assertEquals(
                directory.resolve("model-2.safetensors"),
                requireNonNull(checkpoint.tensors().get("b")).file());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt2-prefixed-sharded", "llama", "llama-bf16-sharded"})
    void checkpointsWrittenByTransformersAreRead(String name) {
        Checkpoint checkpoint = CheckpointReader.open(RECORDED.resolve(name));

        assertFalse(checkpoint.tensors().isEmpty());
        checkpoint.tensors().forEach((tensor, info) -> assertEquals(tensor, info.name()));
    }

    @Test
    void aSnapshotOfTheHubsCacheHasItsCommitAsRevision() throws IOException {
        String commit = "0123456789abcdef0123456789abcdef01234567";
        Path snapshot = Files.createDirectories(directory.resolve("models--org--name/snapshots/" + commit));
        writeShard("model.safetensors", "a");
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), directory.resolve("model.safetensors"));
        Files.createSymbolicLink(snapshot.resolve("config.json"), directory.resolve("config.json"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), snapshot);

        assertEquals(commit, CheckpointReader.open(snapshot).revision());
        assertEquals(commit, CheckpointReader.open(link).revision());
    }

    @Test
    void aMissingDirectoryIsNamedWithWhatItShouldHold() {
        InvalidCheckpointException failure = assertRefused(
                directory.resolve("absent"), Problem.MISSING_FILE, "absent", "absent does not exist. Give a directory");

        assertFalse(failure.toString().contains(directory.toString()), "the server's paths are nobody's business");
    }

    @ParameterizedTest
    @CsvSource({
        "notes.txt, notes.txt is a file; a model is",
        "model.safetensors, Give the directory",
        "pytorch_model.bin, save_pretrained",
        "model.pt, save_pretrained",
        "last.ckpt, save_pretrained"
    })
    void aFileThatIsNoModelIsRefusedWithAWayOut(String file, String remedy) throws IOException {
        write(file, "");

        assertRefused(directory.resolve(file), Problem.MISSING_FILE, file, remedy);
    }

    @Test
    void aMissingConfigurationIsNamed() throws IOException {
        Files.delete(directory.resolve("config.json"));

        assertRefused(Problem.MISSING_FILE, "config.json", "config.json is missing");
    }

    @Test
    void missingWeightsAreNamed() {
        assertRefused(
                Problem.MISSING_FILE,
                "model.safetensors",
                "model.safetensors and model.safetensors.index.json are missing");
    }

    @ParameterizedTest
    @CsvSource({
        "pytorch_model.bin, save_pretrained",
        "pytorch_model-00001-of-00002.bin, save_pretrained",
        "consolidated.00.pth, save_pretrained",
        "model.pt, save_pretrained",
        "model-q4.gguf, Give the file",
        "adapter_model.safetensors, merge an adapter"
    })
    void otherFormatsAreRefusedByNameWithAWayOut(String file, String remedy) throws IOException {
        write(file, "");

        InvalidCheckpointException failure = assertRefused(Problem.MISSING_FILE, "model.safetensors", "Found " + file);

        assertTrue(failure.toString().contains(remedy), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"quantization_config\":{\"quant_method\":\"aqlm\"}}', quantized with aqlm",
        "'{\"quantization_config\":{\"load_in_4bit\":true}}', quantized with an unnamed method",
        "'{\"quantization_config\":{\"quant_method\":\"hqq\"}}', quantized with hqq are not supported; supported: awq",
        "'{\"quantization_config\":{\"quant_method\":\"hqq\"},\"text_config\":{}}', quantized with hqq",
        "'{\"text_config\":{\"quantization_config\":{\"quant_method\":\"vptq\"}}}', quantized with vptq",
        "'{\"quantization_config\":{\"quant_method\":\"awq\",\"version\":\"GEMV\"}}', version is GEMV; allowed: gemm",
        "'{\"quantization_config\":{\"quant_method\":\"awq\",\"bits\":8}}', bits is 8; allowed: 4",
        "'{\"quantization_config\":{\"quant_method\":\"gptq\",\"checkpoint_format\":\"marlin\"}}', is marlin; allowed: gptq",
        "'{\"quantization_config\":{\"quant_method\":\"compressed-tensors\",\"format\":\"marlin-24\"}}', format is marlin-24",
        "'{\"quantization_config\":{\"quant_method\":\"compressed-tensors\",\"quantization_status\":\"frozen\"}}', is frozen",
        "'{\"quantization_config\":{\"quant_method\":\"compressed-tensors\",\"sparsity_config\":{\"format\":\"sparse-24-bitmask\"}}}', is sparse-24-bitmask",
        "'{\"quantization_config\":{\"quant_method\":\"compressed-tensors\",\"transform_config\":{\"config_groups\":{\"R1\":{}}}}}', a model without rotations",
        "'{\"quantization_config\":{\"quant_method\":\"fp8\",\"weight_block_size\":[0,128]}}', the rows and the columns of a block"
    })
    void quantizedWeightsAreRefusedByName(String config, String message) throws IOException {
        write("config.json", config);
        writeShard("model.safetensors", "a");

        assertRefused(Problem.CONFIGURATION, "config.json", message);
    }

    @ParameterizedTest
    @CsvSource({"quantize_config.json, gptq", "quant_config.json, awq"})
    void whatAQuantizerWroteBesideTheConfigurationIsSeenToo(String file, String method) throws IOException {
        write(file, "{}");
        writeShard("model.safetensors", "a");

        assertRefused(
                Problem.CONFIGURATION,
                file,
                "weights quantized with " + method + ", which config.json does not say. Add");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../model.safetensors", "/model.safetensors", "a\\\\b", "..", ".", "", "sub/model"})
    void anIndexMustNotLeadOutOfItsDirectory(String shard) throws IOException {
        writeIndex("\"a\":\"%s\"".formatted(shard));

        assertRefused(Problem.CORRUPT, "model.safetensors.index.json", "allowed: file names without a path");
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        writeIndex("\"a\":\"model-1.safetensors\"");

        assertRefused(Problem.MISSING_FILE, "model-1.safetensors", "model-1.safetensors is missing");
    }

    @Test
    void tensorsThatAnIndexDoesNotListAreReadLikeTheOthers() throws IOException {
        writeShard("model-1.safetensors", "a", "b");
        writeIndex("\"a\":\"model-1.safetensors\"");

        assertEquals(
                Set.of("a", "b"), CheckpointReader.open(directory).tensors().keySet());
    }

    @ParameterizedTest
    @CsvSource({
        "'\"a\":\"model-1.safetensors\",\"gone\":\"model-1.safetensors\"', gone",
        "'\"x\":\"model-1.safetensors\"', x",
        "'\"a\":\"model-1.safetensors\",\"b\":\"model-1.safetensors\",\"c\":\"model-2.safetensors\"', b"
    })
    void tensorsThatIndexAndShardsPlaceDifferentlyAreNamed(String map, String offender) throws IOException {
        writeShard("model-1.safetensors", "a");
        writeShard("model-2.safetensors", "b", "c");
        writeIndex(map);

        InvalidCheckpointException failure =
                assertRefused(Problem.CORRUPT, "model.safetensors.index.json", "disagree about where");

        assertTrue(failure.offenders().contains(offender), failure.offenders().toString());
    }

    /** transformers reads the shards by name, and a later one replaces what an earlier one holds. */
    @Test
    void ofATensorInTwoShardsTheLastOneCounts() throws IOException {
        writeShard("model-1.safetensors", "a", "b");
        writeShard("model-2.safetensors", "b");
        writeIndex("\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"");

        TensorInfo both =
                requireNonNull(CheckpointReader.open(directory).tensors().get("b"));
        assertEquals(directory.resolve("model-2.safetensors"), both.file());
    }

    @Test
    void anIndexThatNamesTheOtherOneIsRefusedWithBothShards() throws IOException {
        writeShard("model-1.safetensors", "a", "b");
        writeShard("model-2.safetensors", "b", "c");
        writeIndex("\"a\":\"model-1.safetensors\",\"b\":\"model-1.safetensors\",\"c\":\"model-2.safetensors\"");

        assertRefused(
                Problem.CORRUPT,
                "model.safetensors.index.json",
                "b (listed in model-1.safetensors, last found in model-2.safetensors)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{", "{}", "{\"weight_map\":{}}", "{\"weight_map\":[]}", "{\"weight_map\":{\"a\":{}}}"
            })
    void anIndexThatIsNoneIsCorrupt(String json) throws IOException {
        write(WeightIndex.FILE, json);

        assertRefused(Problem.CORRUPT, "model.safetensors.index.json", "Download it again.");
    }

    @Test
    void anIndexThatNamesATensorTwiceIsCorrupt() throws IOException {
        writeIndex("\"a\":\"model-1.safetensors\",\"a\":\"model-2.safetensors\"");

        assertRefused(Problem.CORRUPT, "model.safetensors.index.json", "names tensor \"a\" twice");
    }

    @Test
    void aHugeConfigurationIsNotRead() throws IOException {
        write("config.json", " ".repeat(10_000_001));

        assertRefused(Problem.CONFIGURATION, "config.json", "at most 10,000,000 are read");
    }

    private InvalidCheckpointException assertRefused(Problem problem, String file, String message) {
        return assertRefused(directory, problem, file, message);
    }

    private static InvalidCheckpointException assertRefused(
            Path directory, Problem problem, String file, String message) {
        InvalidCheckpointException failure =
                assertThrows(InvalidCheckpointException.class, () -> CheckpointReader.open(directory));
        assertEquals(problem, failure.problem(), failure.getMessage());
        assertEquals(file, failure.file());
        assertTrue(failure.toString().contains(message), failure.getMessage());
        return failure;
    }

    /** Tensors of one byte each. */
    private void writeShard(String file, String... names) {
        StringBuilder header = new StringBuilder("{\"__metadata__\":{}");
        for (int i = 0; i < names.length; i++) {
            header.append(',').append(tensor(names[i], "U8", "[1]", i, i + 1));
        }
        SafetensorsBytes.write(directory.resolve(file), SafetensorsBytes.of(header + "}", names.length));
    }

    private void writeIndex(String map) throws IOException {
        write(WeightIndex.FILE, "{\"metadata\":{\"total_size\":2},\"weight_map\":{%s}}".formatted(map));
    }

    private void write(String file, String content) throws IOException {
        Files.writeString(directory.resolve(file), content);
    }
}
