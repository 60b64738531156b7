package dev.stratalens.engine.parity;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Llama: rotary positions, RMSNorm, grouped queries, gated feed-forward, weights stored [out, in]. */
public final class LlamaReference implements Reference {

    private final JsonObject config;
    private final TensorFile weights;
    private final int hidden;
    private final int heads;
    private final int keyValueHeads;
    private final int headSize;

    public LlamaReference(Path directory) throws IOException {
        config = JsonParser.parseString(Files.readString(directory.resolve("config.json")))
                .getAsJsonObject();
        weights = TensorFile.ofModel(directory);
        hidden = config.get("hidden_size").getAsInt();
        heads = config.get("num_attention_heads").getAsInt();
        keyValueHeads = config.has("num_key_value_heads")
                ? config.get("num_key_value_heads").getAsInt()
                : heads;
        headSize = config.has("head_dim") ? config.get("head_dim").getAsInt() : hidden / heads;
    }

    @Override
    public double[][][] residuals(int[] tokenIds) {
        int layers = config.get("num_hidden_layers").getAsInt();
        float[] embedding = weights.floats("model.embed_tokens.weight");
        double[][][] residuals = new double[layers + 1][tokenIds.length][hidden];
        for (int t = 0; t < tokenIds.length; t++) {
            for (int i = 0; i < hidden; i++) {
                residuals[0][t][i] = embedding[tokenIds[t] * hidden + i];
            }
        }
        for (int layer = 0; layer < layers; layer++) {
            residuals[layer + 1] = block("model.layers." + layer + ".", residuals[layer]);
        }
        return residuals;
    }

    private double[][] block(String names, double[][] x) {
        double[][] y = new double[x.length][hidden];
        double[][] attended = attention(names + "self_attn.", rmsNorm(x, names + "input_layernorm"));
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < hidden; i++) {
                y[t][i] = x[t][i] + attended[t][i];
            }
        }
        double[][] normed = rmsNorm(y, names + "post_attention_layernorm");
        double[][] gate = linear(normed, names + "mlp.gate_proj");
        double[][] up = linear(normed, names + "mlp.up_proj");
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < up[t].length; i++) {
                up[t][i] *= gate[t][i] / (1 + Math.exp(-gate[t][i]));
            }
        }
        double[][] down = linear(up, names + "mlp.down_proj");
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < hidden; i++) {
                y[t][i] += down[t][i];
            }
        }
        return y;
    }

    private double[][] attention(String names, double[][] x) {
        double[][] query = rotated(linear(x, names + "q_proj"));
        double[][] key = rotated(linear(x, names + "k_proj"));
        double[][] value = linear(x, names + "v_proj");
        double[][] mixed = new double[x.length][heads * headSize];
        for (int head = 0; head < heads; head++) {
            int own = head * headSize;
            int shared = head / (heads / keyValueHeads) * headSize;
            for (int t = 0; t < x.length; t++) {
                double[] weight = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < headSize; i++) {
                        score += query[t][own + i] * key[s][shared + i];
                    }
                    weight[s] = Math.exp(score / Math.sqrt(headSize));
                    total += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < headSize; i++) {
                        mixed[t][own + i] += weight[s] / total * value[s][shared + i];
                    }
                }
            }
        }
        return linear(mixed, names + "o_proj");
    }

    /** Turns, in each head, the pair (i, i + half) by the position times the pair's frequency. */
    private double[][] rotated(double[][] x) {
        int half = headSize / 2;
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < x[t].length; head += headSize) {
                for (int i = 0; i < half; i++) {
                    double angle = t * frequency(i);
                    double first = x[t][head + i];
                    double second = x[t][head + half + i];
                    y[t][head + i] = first * Math.cos(angle) - second * Math.sin(angle);
                    y[t][head + half + i] = second * Math.cos(angle) + first * Math.sin(angle);
                }
            }
        }
        return y;
    }

    private double frequency(int pair) {
        JsonObject rope = new JsonObject();
        for (String key : new String[] {"rope_scaling", "rope_parameters"}) {
            if (config.has(key) && config.get(key).isJsonObject()) {
                rope = config.getAsJsonObject(key);
            }
        }
        double theta = number(rope, "rope_theta", number(config, "rope_theta", 10000));
        double frequency = Math.pow(theta, -2.0 * pair / headSize);
        String type = rope.has("rope_type")
                ? rope.get("rope_type").getAsString()
                : rope.has("type") ? rope.get("type").getAsString() : "default";
        return switch (type) {
            case "default" -> frequency;
            case "linear" -> frequency / rope.get("factor").getAsDouble();
            case "llama3" -> llama3(frequency, rope);
            default -> throw new IllegalStateException("this reference has no rope type " + type);
        };
    }

    private static double llama3(double frequency, JsonObject rope) {
        double factor = rope.get("factor").getAsDouble();
        double low = rope.get("low_freq_factor").getAsDouble();
        double high = rope.get("high_freq_factor").getAsDouble();
        double turns = rope.get("original_max_position_embeddings").getAsDouble() * frequency / (2 * Math.PI);
        double kept = Math.min(Math.max((turns - low) / (high - low), 0), 1);
        return kept * frequency + (1 - kept) * frequency / factor;
    }

    private double[][] rmsNorm(double[][] x, String name) {
        float[] weight = weights.floats(name + ".weight");
        double[][] normed = new double[x.length][hidden];
        for (int t = 0; t < x.length; t++) {
            double meanSquare = 0;
            for (double value : x[t]) {
                meanSquare += value * value / hidden;
            }
            for (int i = 0; i < hidden; i++) {
                normed[t][i] = x[t][i] / Math.sqrt(meanSquare + number(config, "rms_norm_eps", 1e-6)) * weight[i];
            }
        }
        return normed;
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = weights.floats(name + ".weight");
        int outputs = weights.shape(name + ".weight")[0];
        float[] bias = weights.contains(name + ".bias") ? weights.floats(name + ".bias") : new float[outputs];
        double[][] y = new double[x.length][outputs];
        for (int t = 0; t < x.length; t++) {
            for (int out = 0; out < outputs; out++) {
                y[t][out] = bias[out];
                for (int in = 0; in < x[t].length; in++) {
                    y[t][out] += weight[out * x[t].length + in] * x[t][in];
                }
            }
        }
        return y;
    }

    @Override
    public double[] logits(double[] residual) {
        return logitsWithoutFinalNorm(rmsNorm(new double[][] {residual}, "model.norm")[0]);
    }

    /** A stored head is used even where the configuration says that it is tied, as transformers does from version 5. */
    @Override
    public double[] logitsWithoutFinalNorm(double[] residual) {
        String head = weights.contains("lm_head.weight") ? "lm_head" : "model.embed_tokens";
        return linear(new double[][] {residual}, head)[0];
    }

    private static double number(JsonObject object, String key, double unlessSaid) {
        return object.has(key) ? object.get(key).getAsDouble() : unlessSaid;
    }
}
