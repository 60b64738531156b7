package dev.stratalens.engine.parity;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A checkpoint, a prompt and the values that transformers computes from them in float32.
 *
 * <p>Layers are numbered as the lens numbers them: -1 is the input of block 0, l is the output of block l. Logarithms
 * are natural. The last block's logits are the model's own output.
 *
 * @param name the name of the folder with the recorded values
 * @param directory the folder with the recorded values
 * @param modelDirectory the model: the same folder but for the embedded model, or a file in it that is a model by itself
 * @param prompt the text whose token ids, special tokens included, are {@link #tokenIds()}; empty for a case without a
 *     tokenizer, whose token ids are random
 * @param expected the recorded values; the accessors below read it
 */
public record ParityCase(String name, Path directory, Path modelDirectory, String prompt, TensorFile expected) {

    public static ParityCase in(Path directory) {
        JsonObject description = json(directory.resolve("case.json"));
        Path modelDirectory =
                description.has("model") ? inRepository(description.get("model").getAsString(), directory) : directory;
        if (description.has("file")) {
            modelDirectory = directory.resolve(description.get("file").getAsString());
        }
        return new ParityCase(
                directory.getFileName().toString(),
                directory,
                modelDirectory,
                description.has("prompt") ? description.get("prompt").getAsString() : "",
                TensorFile.of(expected(description, directory).resolve("expected.safetensors")));
    }

    /** Another form of a recorded checkpoint has the values of that one, whose folder it names from the resources. */
    private static Path expected(JsonObject description, Path directory) {
        return description.has("expected")
                ? directory
                        .resolve("../../..")
                        .resolve(description.get("expected").getAsString())
                : directory;
    }

    private static JsonObject json(Path file) {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The tests may run on a copy of the resources, so the root of the repository is looked for above them. */
    private static Path inRepository(String path, Path directory) {
        for (Path ancestor = directory.toAbsolutePath(); ancestor != null; ancestor = ancestor.getParent()) {
            if (Files.isDirectory(ancestor.resolve(path))) {
                return ancestor.resolve(path);
            }
        }
        throw new IllegalStateException("no folder above " + directory + " holds " + path);
    }

    /** The family, as the configuration of a model directory names it. */
    public String modelType() {
        return json(modelDirectory.resolve("config.json")).get("model_type").getAsString();
    }

    /** The number of blocks; the last layer is one less. */
    public int layers() {
        return expected.shape("residuals")[0] - 1;
    }

    /** The number of tokens of the prompt; the last position is one less. */
    public int tokens() {
        return expected.shape("residuals")[1];
    }

    public int hiddenSize() {
        return expected.shape("residuals")[2];
    }

    /** The rows of the unembedding, which may be more than the tokenizer has tokens. */
    public int vocabularySize() {
        return expected.shape("logits")[2];
    }

    public int[] tokenIds() {
        return expected.ints("token_ids");
    }

    public float[] residual(int layer, int position) {
        return expected.floats("residuals", cell(layer, position) * hiddenSize(), hiddenSize());
    }

    /** Positions for which {@link #logits} are recorded: all, but for the embedded model. */
    public int[] logitPositions() {
        return expected.ints("logit_positions");
    }

    public float[] logits(int layer, int position) {
        int[] positions = logitPositions();
        int column = IntStream.range(0, positions.length)
                .filter(i -> positions[i] == position)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no logits for position " + position + "; only for " + Arrays.toString(positions)));
        int row = (layer + 1) * positions.length + column;
        return expected.floats("logits", row * vocabularySize(), vocabularySize());
    }

    public float logSumExp(int layer, int position) {
        return expected.floats("log_sum_exp", cell(layer, position), 1)[0];
    }

    /** In nats. */
    public float entropy(int layer, int position) {
        return expected.floats("entropy", cell(layer, position), 1)[0];
    }

    /** KL(final || layer) in nats; 0 for the last block. */
    public float klFromFinal(int layer, int position) {
        return expected.floats("kl_from_final", cell(layer, position), 1)[0];
    }

    /** KL(layer + 1 || layer) in nats; NaN for the last block. */
    public float klFromNext(int layer, int position) {
        return expected.floats("kl_from_next", cell(layer, position), 1)[0];
    }

    /** The ten best tokens; of equal ones the lower id comes first. */
    public int[] topIds(int layer, int position) {
        int k = expected.shape("top_ids")[2];
        return expected.ints("top_ids", cell(layer, position) * k, k);
    }

    public float[] topLogProbs(int layer, int position) {
        int k = expected.shape("top_log_probs")[2];
        return expected.floats("top_log_probs", cell(layer, position) * k, k);
    }

    /** Of the token that follows in the prompt; 0 at the last position. */
    public int nextTokenRank(int layer, int position) {
        return expected.ints("next_token_rank", cell(layer, position), 1)[0];
    }

    /** Of the token that follows in the prompt; NaN at the last position. */
    public float nextTokenLogProb(int layer, int position) {
        return expected.floats("next_token_log_prob", cell(layer, position), 1)[0];
    }

    /** Of the token that the model itself ranks first. */
    public int finalTopRank(int layer, int position) {
        return expected.ints("final_top_rank", cell(layer, position), 1)[0];
    }

    /** Of the token that the model itself ranks first. */
    public float finalTopLogProb(int layer, int position) {
        return expected.floats("final_top_log_prob", cell(layer, position), 1)[0];
    }

    /** The best token when the final norm is skipped. */
    public int top1WithoutFinalNorm(int layer, int position) {
        return expected.ints("top1_without_final_norm", cell(layer, position), 1)[0];
    }

    public float logSumExpWithoutFinalNorm(int layer, int position) {
        return expected.floats("log_sum_exp_without_final_norm", cell(layer, position), 1)[0];
    }

    private int cell(int layer, int position) {
        if (layer < -1 || layer >= layers() || position < 0 || position >= tokens()) {
            throw new IllegalArgumentException("layer " + layer + ", position " + position + " of " + layers()
                    + " layers and " + tokens() + " positions");
        }
        return (layer + 1) * tokens() + position;
    }

    @Override
    public String toString() {
        return name;
    }
}
