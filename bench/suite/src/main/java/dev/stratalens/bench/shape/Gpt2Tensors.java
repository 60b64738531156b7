package dev.stratalens.bench.shape;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Tensors of a GPT-2, whose linear layers are stored input first. */
final class Gpt2Tensors {

    private Gpt2Tensors() {}

    static List<RandomTensor> of(JsonObject config) {
        int hidden = config.get("n_embd").getAsInt();
        int blocks = config.get("n_layer").getAsInt();
        double deviation = config.get("initializer_range").getAsDouble();
        // What is added to the residual stream starts smaller, the deeper the model.
        double added = deviation / Math.sqrt(2.0 * blocks);
        List<RandomTensor> tensors = new ArrayList<>();
        int vocabulary = config.get("vocab_size").getAsInt();
        int positions = config.get("n_positions").getAsInt();
        tensors.add(RandomTensor.normal("transformer.wte.weight", deviation, vocabulary, hidden));
        tensors.add(RandomTensor.normal("transformer.wpe.weight", deviation, positions, hidden));
        for (int i = 0; i < blocks; i++) {
            String block = "transformer.h.%d.".formatted(i);
            norm(tensors, block + "ln_1", hidden);
            linear(tensors, block + "attn.c_attn", deviation, hidden, 3 * hidden);
            linear(tensors, block + "attn.c_proj", added, hidden, hidden);
            norm(tensors, block + "ln_2", hidden);
            linear(tensors, block + "mlp.c_fc", deviation, hidden, 4 * hidden);
            linear(tensors, block + "mlp.c_proj", added, 4 * hidden, hidden);
        }
        norm(tensors, "transformer.ln_f", hidden);
        return tensors;
    }

    private static void norm(List<RandomTensor> tensors, String name, int size) {
        tensors.add(RandomTensor.constant(name + ".weight", 1, size));
        tensors.add(RandomTensor.constant(name + ".bias", 0, size));
    }

    private static void linear(List<RandomTensor> tensors, String name, double deviation, int from, int to) {
        tensors.add(RandomTensor.normal(name + ".weight", deviation, from, to));
        tensors.add(RandomTensor.constant(name + ".bias", 0, to));
    }
}
