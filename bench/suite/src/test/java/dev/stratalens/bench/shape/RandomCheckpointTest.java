package dev.stratalens.bench.shape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.connect.LocalServer;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomCheckpointTest {

    private static final Path DEMO = Path.of("..", "..", "models", "demo");

    /** The last one of a hybrid has attention. */
    private static final int BLOCKS = 4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(ModelShape.class)
    void theServerReadsWhatIsWrittenAndItsCheckHolds(ModelShape shape) throws IOException {
        for (WeightType type : WeightType.values()) {
            Path directory = folder.resolve(type.toString());
            new RandomCheckpoint(small(shape), type, DEMO).write(directory, (done, total) -> {});

            LensResult result = analyze(directory);

            assertEquals(BLOCKS, result.layers().size());
            assertEquals(type.toString(), result.model().storedType());
            assertTrue(result.selfCheck().orElseThrow().top1Agrees());
            assertTrue(result.selfCheck().orElseThrow().maxLogitDifference() < 1e-3f);
            // Weights that were all zero would give every token the same probability.
            assertTrue(result.topK(1, 0).get(0).logProb() > -Math.log(4000) + 0.01);
        }
    }

    @Test
    void theSameWeightsAreWrittenEveryTime() throws IOException {
        for (String name : List.of("one", "two")) {
            new RandomCheckpoint(small(ModelShape.SMOLLM2_135M), WeightType.BFLOAT16, DEMO)
                    .write(folder.resolve(name), (done, total) -> {});
        }
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("one/model.safetensors")),
                Files.readAllBytes(folder.resolve("two/model.safetensors")));
    }

    @Test
    void theShapesHaveTheirParameters() {
        assertEquals(134_515_008, parameters(ModelShape.SMOLLM2_135M));
        assertEquals(124_439_808, parameters(ModelShape.GPT2_SMALL));
    }

    @Test
    void hybridsAreAsLargeAsTheModelWithAttention() {
        double size = parameters(ModelShape.SMOLLM2_135M);
        assertEquals(1, parameters(ModelShape.HYBRID_DELTA_135M) / size, 0.1);
        assertEquals(1, parameters(ModelShape.HYBRID_MAMBA2_135M) / size, 0.1);
    }

    private static long parameters(ModelShape shape) {
        return ModelShape.tensors(shape.config()).stream()
                .mapToLong(RandomTensor::elements)
                .sum();
    }

    private static JsonObject small(ModelShape shape) {
        JsonObject config = shape.config();
        boolean llama = shape != ModelShape.GPT2_SMALL;
        config.addProperty(llama ? "num_hidden_layers" : "n_layer", BLOCKS);
        config.addProperty(llama ? "hidden_size" : "n_embd", 72);
        if (llama) {
            config.addProperty("intermediate_size", 96);
        }
        if (config.has("mamba_n_heads")) {
            config.addProperty("mamba_d_head", 72 / config.get("mamba_n_heads").getAsInt());
            config.add("attn_layer_indices", JsonParser.parseString("[3]"));
        }
        config.addProperty("vocab_size", 4000); // more than the tokenizer's
        return config;
    }

    private static LensResult analyze(Path directory) {
        LocalServer server = LocalServer.start(List.of(new LocalModel("random", directory)), "float32", "auto");
        try (server;
                LensClient client = LensClient.inProcess(server.name())) {
            return client.analyze(LensRequest.of("The capital of France is").build());
        }
    }
}
