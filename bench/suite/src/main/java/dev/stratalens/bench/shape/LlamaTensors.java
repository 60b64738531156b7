package dev.stratalens.bench.shape;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Tensors of a llama with a tied head. */
final class LlamaTensors {

    private LlamaTensors() {}

    static List<RandomTensor> of(JsonObject config) {
        int hidden = config.get("hidden_size").getAsInt();
        int inner = config.get("intermediate_size").getAsInt();
        int heads = config.get("num_attention_heads").getAsInt();
        int keys = hidden / heads * config.get("num_key_value_heads").getAsInt();
        double deviation = config.get("initializer_range").getAsDouble();
        List<RandomTensor> tensors = new ArrayList<>();
        int vocabulary = config.get("vocab_size").getAsInt();
        tensors.add(RandomTensor.normal("model.embed_tokens.weight", deviation, vocabulary, hidden));
        for (int i = 0; i < config.get("num_hidden_layers").getAsInt(); i++) {
            String block = "model.layers.%d.".formatted(i);
            tensors.add(RandomTensor.constant(block + "input_layernorm.weight", 1, hidden));
            tensors.add(RandomTensor.normal(block + "self_attn.q_proj.weight", deviation, hidden, hidden));
            tensors.add(RandomTensor.normal(block + "self_attn.k_proj.weight", deviation, keys, hidden));
            tensors.add(RandomTensor.normal(block + "self_attn.v_proj.weight", deviation, keys, hidden));
            tensors.add(RandomTensor.normal(block + "self_attn.o_proj.weight", deviation, hidden, hidden));
            tensors.add(RandomTensor.constant(block + "post_attention_layernorm.weight", 1, hidden));
            tensors.add(RandomTensor.normal(block + "mlp.gate_proj.weight", deviation, inner, hidden));
            tensors.add(RandomTensor.normal(block + "mlp.up_proj.weight", deviation, inner, hidden));
            tensors.add(RandomTensor.normal(block + "mlp.down_proj.weight", deviation, hidden, inner));
        }
        tensors.add(RandomTensor.constant("model.norm.weight", 1, hidden));
        return tensors;
    }
}
