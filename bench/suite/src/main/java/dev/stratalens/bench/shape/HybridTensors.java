package dev.stratalens.bench.shape;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Tensors of a model with attention in every fourth block, and another mixer in the others: the delta rule of Qwen 3.5, or Bamba's
 * Mamba-2. Decays are those of logarithms of 0.
 */
final class HybridTensors {

    private final JsonObject config;
    private final int hidden;
    private final double deviation;
    private final List<RandomTensor> tensors = new ArrayList<>();

    private HybridTensors(JsonObject config) {
        this.config = config;
        this.hidden = size("hidden_size");
        this.deviation = config.get("initializer_range").getAsDouble();
    }

    /** Qwen 3.5 adds 1 to the weights of its norms, and gates the output of its attention. */
    static List<RandomTensor> ofQwen(JsonObject config) {
        int interval = config.get("full_attention_interval").getAsInt();
        var all = new HybridTensors(config);
        return all.model(
                "model.norm",
                0,
                block -> (block + 1) % interval == 0,
                "mlp.",
                "post_attention_layernorm",
                (name, attends) -> {
                    if (attends) {
                        all.attention(name, 2);
                        all.norm(name + "self_attn.q_norm", 0, all.headSize());
                        all.norm(name + "self_attn.k_norm", 0, all.headSize());
                    } else {
                        all.delta(name + "linear_attn.");
                    }
                });
    }

    static List<RandomTensor> ofBamba(JsonObject config) {
        List<Integer> attending = new ArrayList<>();
        for (JsonElement block : config.getAsJsonArray("attn_layer_indices")) {
            attending.add(block.getAsInt());
        }
        var all = new HybridTensors(config);
        return all.model(
                "model.final_layernorm",
                1,
                attending::contains,
                "feed_forward.",
                "pre_ff_layernorm",
                (name, attends) -> {
                    if (attends) {
                        all.attention(name, 1);
                    } else {
                        all.mamba2(name + "mamba.");
                    }
                });
    }

    /** Adds the mixer of a block, whose names begin with a text. */
    @FunctionalInterface
    private interface MixerTensors {
        void add(String name, boolean attends);
    }

    private List<RandomTensor> model(
            String finalNorm,
            float usualNorm,
            IntPredicate attends,
            String feedForward,
            String feedForwardNorm,
            MixerTensors mixer) {
        product("model.embed_tokens", size("vocab_size"), hidden);
        for (int block = 0; block < size("num_hidden_layers"); block++) {
            String name = "model.layers.%d.".formatted(block);
            norm(name + "input_layernorm", usualNorm, hidden);
            mixer.add(name, attends.test(block));
            norm(name + feedForwardNorm, usualNorm, hidden);
            product(name + feedForward + "gate_proj", size("intermediate_size"), hidden);
            product(name + feedForward + "up_proj", size("intermediate_size"), hidden);
            product(name + feedForward + "down_proj", hidden, size("intermediate_size"));
        }
        norm(finalNorm, usualNorm, hidden);
        return tensors;
    }

    private void attention(String name, int rowsOfQuery) {
        int queries = size("num_attention_heads") * headSize();
        int keys = size("num_key_value_heads") * headSize();
        product(name + "self_attn.q_proj", rowsOfQuery * queries, hidden);
        product(name + "self_attn.k_proj", keys, hidden);
        product(name + "self_attn.v_proj", keys, hidden);
        product(name + "self_attn.o_proj", hidden, queries);
    }

    private int headSize() {
        return config.has("head_dim") ? size("head_dim") : hidden / size("num_attention_heads");
    }

    private void delta(String name) {
        int heads = size("linear_num_value_heads");
        int values = heads * size("linear_value_head_dim");
        int channels = 2 * size("linear_num_key_heads") * size("linear_key_head_dim") + values;
        product(name + "in_proj_qkv", channels, hidden);
        product(name + "in_proj_z", values, hidden);
        product(name + "in_proj_b", heads, hidden);
        product(name + "in_proj_a", heads, hidden);
        tensors.add(
                RandomTensor.normal(name + "conv1d.weight", deviation, channels, 1, size("linear_conv_kernel_dim")));
        tensors.add(RandomTensor.constant(name + "A_log", 0, heads));
        tensors.add(RandomTensor.constant(name + "dt_bias", 1, heads));
        norm(name + "norm", 1, size("linear_value_head_dim"));
        product(name + "out_proj", hidden, values);
    }

    private void mamba2(String name) {
        int heads = size("mamba_n_heads");
        int inner = size("mamba_expand") * hidden;
        int channels = inner + 2 * size("mamba_n_groups") * size("mamba_d_state");
        product(name + "in_proj", inner + channels + heads, hidden);
        tensors.add(RandomTensor.normal(name + "conv1d.weight", deviation, channels, 1, size("mamba_d_conv")));
        tensors.add(RandomTensor.constant(name + "conv1d.bias", 0, channels));
        tensors.add(RandomTensor.constant(name + "A_log", 0, heads));
        tensors.add(RandomTensor.constant(name + "dt_bias", 1, heads));
        tensors.add(RandomTensor.constant(name + "D", 1, heads));
        norm(name + "norm", 1, inner);
        product(name + "out_proj", hidden, inner);
    }

    private int size(String key) {
        return config.get(key).getAsInt();
    }

    private void product(String name, int outputs, int inputs) {
        tensors.add(RandomTensor.normal(name + ".weight", deviation, outputs, inputs));
    }

    private void norm(String name, float value, int size) {
        tensors.add(RandomTensor.constant(name + ".weight", value, size));
    }
}
