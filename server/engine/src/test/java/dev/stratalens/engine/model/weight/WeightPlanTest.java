package dev.stratalens.engine.model.weight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.Architecture;
import dev.stratalens.engine.architecture.family.Architectures;
import dev.stratalens.engine.architecture.weight.Slot;
import dev.stratalens.engine.checkpoint.Checkpoint;
import dev.stratalens.engine.checkpoint.StoredType;
import dev.stratalens.engine.checkpoint.TensorInfo;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import dev.stratalens.engine.parity.ParityCases;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightPlanTest {

    private static final String QUERY = "model.layers.0.self_attn.q_proj.weight";

    private final Checkpoint llama =
            CheckpointReader.open(ParityCases.named("llama").modelDirectory());
    private final Architecture architecture = Architectures.of(llama.config());
    private final Map<String, TensorInfo> tensors = new HashMap<>(llama.tensors());

    @Test
    void everyTensorOfARealCheckpointIsAccountedFor() {
        WeightPlan plan = WeightPlan.of(architecture, tensors);
        assertEquals(tensors.size(), plan.tensors().size());
        assertFalse(plan.tiedHead());
    }

    @Test
    void aTiedHeadIsTheEmbedding() {
        Checkpoint tied = CheckpointReader.open(ParityCases.named("llama-tied").modelDirectory());
        WeightPlan plan = WeightPlan.of(Architectures.of(tied.config()), tied.tensors());
        assertTrue(plan.tiedHead());
        assertEquals(
                plan.embedding().get(Slot.weight(Slot.TOKEN_EMBEDDING)),
                plan.head().get(Slot.weight(Slot.UNEMBEDDING)));
    }

    @Test
    void aTiedModelsOneMatrixMayLieUnderTheHeadsName() {
        Checkpoint tied = CheckpointReader.open(ParityCases.named("llama-tied").modelDirectory());
        var renamed = new HashMap<>(tied.tensors());
        renamed.put("lm_head.weight", Objects.requireNonNull(renamed.remove("model.embed_tokens.weight")));
        assertTrue(WeightPlan.of(Architectures.of(tied.config()), renamed).tiedHead());
    }

    @Test
    void allExpertsInOneTensorAreSlicesOfIt() {
        Checkpoint stacked =
                CheckpointReader.open(ParityCases.named("qwen3_moe-stacked").modelDirectory());
        Map<String, PlacedWeight> block = WeightPlan.of(Architectures.of(stacked.config()), stacked.tensors())
                .blocks()
                .get(0);
        PlacedWeight third = Objects.requireNonNull(block.get(Slot.weight(Slot.ofExpert(2, Slot.UP))));
        assertEquals("model.layers.0.mlp.experts.gate_up_proj", third.tensor().name());
        assertEquals(OptionalInt.of(2), third.source().slice());
    }

    @Test
    void anExpertThatIsMissingIsNamedAsFilesUsuallyNameIt() {
        Checkpoint mixture =
                CheckpointReader.open(ParityCases.named("qwen3_moe").modelDirectory());
        var some = new HashMap<>(mixture.tensors());
        some.remove("model.layers.1.mlp.experts.4.down_proj.weight");
        var refusal = assertThrows(
                InvalidCheckpointException.class, () -> WeightPlan.of(Architectures.of(mixture.config()), some));
        assertTrue(
                refusal.getMessage().contains("1 missing: layers.1.mlp.experts.4.down_proj.weight"),
                refusal.getMessage());
    }

    @Test
    void theTypeThatAModelIsStoredInIsNotThatOfItsRouters() {
        Checkpoint mixture =
                CheckpointReader.open(ParityCases.named("deepseek_v3").modelDirectory());
        var some = new HashMap<>(mixture.tensors());
        some.computeIfPresent(
                "model.layers.1.mlp.gate.e_score_correction_bias",
                (name, tensor) -> new TensorInfo(
                        name, StoredType.F32, tensor.shape(), tensor.file(), tensor.offset(), tensor.byteCount()));
        assertEquals(
                Set.of(StoredType.BF16),
                WeightPlan.of(Architectures.of(mixture.config()), some).types());
    }

    @Test
    void anUntiedModelWithoutAnEmbeddingIsRefused() {
        tensors.remove("model.embed_tokens.weight");
        assertTrue(refusal().offenders().contains("embed_tokens.weight"));
    }

    @Test
    void anUntiedHeadThatIsMissingIsRefusedAndNeverReplaced() {
        tensors.remove("lm_head.weight");
        assertTrue(refusal().offenders().contains("lm_head.weight"));
    }

    @Test
    void aMissingFinalNormIsRefused() {
        tensors.remove("model.norm.weight");
        assertTrue(
                refusal().getMessage().contains("1 missing: norm.weight"),
                refusal().getMessage());
    }

    @Test
    void oneErrorNamesAllThatIsMissingUnexpectedOrWrong() {
        tensors.remove("model.layers.1.mlp.up_proj.weight");
        add("model.layers.0.mlp.extra.weight");
        tensors.put(QUERY, with(StoredType.F32, 3, 3));
        tensors.put(
                "model.norm.weight",
                with(StoredType.I64, tensor("model.norm.weight").shape()));

        InvalidCheckpointException refusal = refusal();
        assertEquals(Problem.TENSORS, refusal.problem());
        assertEquals(4, refusal.offenders().size(), refusal.offenders().toString());
        String message = refusal.getMessage();
        assertTrue(message.contains("1 missing: layers.1.mlp.up_proj.weight"), message);
        assertTrue(message.contains("1 unexpected: "), message);
        assertTrue(message.contains("has shape [3, 3] instead of"), message);
        assertTrue(message.contains("has type I64 instead of F32, F16 or BF16"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "_orig_mod., inside torch.compile",
        "module., inside a parallel wrapper of PyTorch",
        "base_model.model., inside PEFT"
    })
    void weightsOfAWrappedModelAreCalledThat(String prefix, String origin) {
        var wrapped = new HashMap<String, TensorInfo>();
        tensors.forEach((name, tensor) -> wrapped.put(prefix + name, tensor));
        tensors.clear();
        tensors.putAll(wrapped);

        assertEquals(List.of(prefix), refusal().offenders());
        assertTrue(refusal().getMessage().contains(origin), refusal().getMessage());
    }

    @Test
    void theFileIsNamedThatHasTheWrongWeights() {
        tensors.remove("model.norm.weight");
        assertEquals("model.safetensors", refusal().file());
        assertTrue(
                refusal().getMessage().startsWith("The weights in model.safetensors are not"),
                refusal().getMessage());

        tensors.replaceAll((name, tensor) -> in("tiny-Q4_K_M.gguf", tensor));
        assertEquals("tiny-Q4_K_M.gguf", refusal().file());
        assertTrue(
                refusal().getMessage().startsWith("The weights in tiny-Q4_K_M.gguf are not"),
                refusal().getMessage());

        tensors.computeIfPresent(QUERY, (name, tensor) -> in("model-00002-of-00002.safetensors", tensor));
        assertEquals("model.safetensors.index.json", refusal().file());
    }

    private static TensorInfo in(String file, TensorInfo tensor) {
        return new TensorInfo(
                tensor.name(), tensor.type(), tensor.shape(), Path.of(file), tensor.offset(), tensor.byteCount());
    }

    @Test
    void aTensorThatIsStoredWithAndWithoutThePrefixIsRefused() {
        add("norm.weight");
        assertTrue(
                refusal().getMessage().contains("with and without"), refusal().getMessage());
    }

    @Test
    void aBlockBeyondTheConfiguredOnesIsUnexpected() {
        add("model.layers.99.input_layernorm.weight");
        assertTrue(refusal().getMessage().contains("layers.99"), refusal().getMessage());
    }

    private InvalidCheckpointException refusal() {
        return assertThrows(InvalidCheckpointException.class, () -> WeightPlan.of(architecture, tensors));
    }

    private TensorInfo tensor(String name) {
        return Objects.requireNonNull(tensors.get(name));
    }

    private void add(String name) {
        TensorInfo like = tensor("model.norm.weight");
        tensors.put(
                name, new TensorInfo(name, like.type(), like.shape(), like.file(), like.offset(), like.byteCount()));
    }

    private TensorInfo with(StoredType type, long... shape) {
        TensorInfo original = tensor(QUERY);
        return new TensorInfo(QUERY, type, shape, original.file(), original.offset(), original.byteCount());
    }
}
