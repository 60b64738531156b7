package dev.stratalens.engine.parity;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** GPT-2: learned positions, LayerNorm, one fused product for queries, keys and values, weights stored [in, out]. */
public final class Gpt2Reference implements Reference {

    private final JsonObject config;
    private final TensorFile weights;
    private final String prefix;
    private final int hidden;

    public Gpt2Reference(Path directory) throws IOException {
        config = JsonParser.parseString(Files.readString(directory.resolve("config.json")))
                .getAsJsonObject();
        weights = TensorFile.ofModel(directory);
        prefix = weights.contains("wte.weight") ? "" : "transformer.";
        hidden = config.get("n_embd").getAsInt();
    }

    @Override
    public double[][][] residuals(int[] tokenIds) {
        int layers = config.get("n_layer").getAsInt();
        double[][][] residuals = new double[layers + 1][][];
        residuals[0] = embed(tokenIds);
        for (int layer = 0; layer < layers; layer++) {
            residuals[layer + 1] = block(layer, residuals[layer]);
        }
        return residuals;
    }

    private double[][] embed(int[] tokenIds) {
        float[] tokens = weights.floats(prefix + "wte.weight");
        float[] positions = weights.floats(prefix + "wpe.weight");
        double[][] stream = new double[tokenIds.length][hidden];
        for (int t = 0; t < tokenIds.length; t++) {
            for (int i = 0; i < hidden; i++) {
                stream[t][i] = (double) tokens[tokenIds[t] * hidden + i] + positions[t * hidden + i];
            }
        }
        return stream;
    }

    private double[][] block(int layer, double[][] x) {
        String names = prefix + "h." + layer + ".";
        double[][] attended = linear(
                attention(layer, linear(layerNorm(x, names + "ln_1"), names + "attn.c_attn")), names + "attn.c_proj");
        double[][] y = sum(x, attended);
        double[][] inner = linear(layerNorm(y, names + "ln_2"), names + "mlp.c_fc");
        for (double[] row : inner) {
            for (int i = 0; i < row.length; i++) {
                row[i] = activation(row[i]);
            }
        }
        return sum(y, linear(inner, names + "mlp.c_proj"));
    }

    /** Each row of the argument is query, key and value, one after the other; each of them is its heads in order. */
    private double[][] attention(int layer, double[][] queryKeyValue) {
        int heads = config.get("n_head").getAsInt();
        int headSize = hidden / heads;
        double scale = flag("scale_attn_weights", true) ? 1 / Math.sqrt(headSize) : 1;
        if (flag("scale_attn_by_inverse_layer_idx", false)) {
            scale /= layer + 1;
        }
        double[][] mixed = new double[queryKeyValue.length][hidden];
        for (int head = 0; head < heads; head++) {
            int query = head * headSize;
            int key = hidden + query;
            int value = 2 * hidden + query;
            for (int t = 0; t < queryKeyValue.length; t++) {
                double[] weight = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int i = 0; i < headSize; i++) {
                        score += queryKeyValue[t][query + i] * queryKeyValue[s][key + i];
                    }
                    weight[s] = Math.exp(score * scale);
                    total += weight[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < headSize; i++) {
                        mixed[t][query + i] += weight[s] / total * queryKeyValue[s][value + i];
                    }
                }
            }
        }
        return mixed;
    }

    private double[][] layerNorm(double[][] x, String name) {
        float[] weight = weights.floats(name + ".weight");
        float[] bias = weights.floats(name + ".bias");
        double epsilon = config.has("layer_norm_epsilon")
                ? config.get("layer_norm_epsilon").getAsDouble()
                : 1e-5;
        double[][] normed = new double[x.length][hidden];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            for (double value : x[t]) {
                mean += value / hidden;
            }
            double variance = 0;
            for (double value : x[t]) {
                variance += (value - mean) * (value - mean) / hidden;
            }
            for (int i = 0; i < hidden; i++) {
                normed[t][i] = (x[t][i] - mean) / Math.sqrt(variance + epsilon) * weight[i] + bias[i];
            }
        }
        return normed;
    }

    private double[][] linear(double[][] x, String name) {
        float[] weight = weights.floats(name + ".weight");
        float[] bias = weights.floats(name + ".bias");
        double[][] y = new double[x.length][bias.length];
        for (int t = 0; t < x.length; t++) {
            for (int out = 0; out < bias.length; out++) {
                y[t][out] = bias[out];
                for (int in = 0; in < x[t].length; in++) {
                    y[t][out] += x[t][in] * weight[in * bias.length + out];
                }
            }
        }
        return y;
    }

    private static double[][] sum(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                sum[t][i] = x[t][i] + y[t][i];
            }
        }
        return sum;
    }

    private double activation(double x) {
        String name = config.get("activation_function").getAsString();
        return switch (name) {
            case "gelu_new" -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
            case "gelu" -> x / 2 * (1 + errorFunction(x / Math.sqrt(2)));
            case "relu" -> Math.max(x, 0);
            default -> throw new IllegalStateException("this reference has no activation " + name);
        };
    }

    /** 2/sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n+1) / (1 3 5 .. (2n+1)), whose terms have one sign. */
    private static double errorFunction(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    @Override
    public double[] logits(double[] residual) {
        return logitsWithoutFinalNorm(layerNorm(new double[][] {residual}, prefix + "ln_f")[0]);
    }

    @Override
    public double[] logitsWithoutFinalNorm(double[] residual) {
        float[] head = weights.floats(weights.contains("lm_head.weight") ? "lm_head.weight" : prefix + "wte.weight");
        double[] logits = new double[head.length / hidden];
        for (int token = 0; token < logits.length; token++) {
            for (int i = 0; i < hidden; i++) {
                logits[token] += head[token * hidden + i] * residual[i];
            }
        }
        return logits;
    }

    private boolean flag(String key, boolean unlessSaid) {
        return config.has(key) ? config.get(key).getAsBoolean() : unlessSaid;
    }
}
