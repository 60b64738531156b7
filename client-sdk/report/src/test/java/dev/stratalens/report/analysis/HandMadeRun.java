package dev.stratalens.report.analysis;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.LensJson;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A result made of whole distributions, of which it holds what a server would send: the top-k of each cell and float32
 * trajectories of every token that is in one of them.
 *
 * @param vocabulary text of each id
 * @param prompt ids of the prompt
 * @param probabilities whole distributions, [layer][position][id]
 * @param blocks of the model; the layers of the result are the first of them
 * @param k predictions a cell
 * @param target followed in every cell; negative for none
 */
public record HandMadeRun(
        List<String> vocabulary, List<Integer> prompt, double[][][] probabilities, int blocks, int k, int target) {

    /** Blocks as many as layers, the best of each cell, no target. */
    public static HandMadeRun of(List<String> vocabulary, List<Integer> prompt, double[][][] probabilities) {
        return new HandMadeRun(vocabulary, prompt, probabilities, probabilities.length, 1, -1);
    }

    public HandMadeRun withTop(int predictions) {
        return new HandMadeRun(vocabulary, prompt, probabilities, blocks, predictions, target);
    }

    public HandMadeRun withTarget(int id) {
        return new HandMadeRun(vocabulary, prompt, probabilities, blocks, k, id);
    }

    /** Words a, b, c ... */
    public static List<String> letters(int count) {
        return IntStream.range(0, count)
                .mapToObj(id -> String.valueOf((char) ('a' + id)))
                .toList();
    }

    /** A run of one layer, which is called by that number. */
    public static LensResult onlyLayer(int layer, HandMadeRun run) {
        JsonObject json = run.json();
        json.add("layers", array(List.of(layer), JsonPrimitive::new));
        json.getAsJsonObject("model").addProperty("layers", layer + 1);
        return read(json);
    }

    public LensResult result() {
        return read(json());
    }

    private static LensResult read(JsonObject json) {
        try {
            return LensJson.read(new StringReader(json.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("format", "stratalens/2");
        json.add("model", model());
        json.addProperty("approximate", false);
        json.addProperty("number_form", "exact");
        json.addProperty("prompt", text());
        json.add("tokens", tokens());
        json.add("layers", indexes(probabilities.length));
        json.add("positions", indexes(prompt.size()));
        json.addProperty("top_k", k);
        json.add("columns", array(List.of("log-sum-exp", "entropy"), name -> object("name", name)));
        double[][] last = probabilities[probabilities.length - 1];
        JsonObject finalTop = new JsonObject();
        finalTop.add(
                "ids", array(List.of(last), cell -> new JsonPrimitive(best(cell).get(0))));
        finalTop.add(
                "log_probs",
                array(List.of(last), cell -> logProb(cell[best(cell).get(0)])));
        json.add("final_top", finalTop);
        json.add("targets", targets());
        json.add("readings", array(indices(probabilities.length), this::reading));
        json.add("trajectories", array(positions(), this::tracked));
        JsonObject texts = new JsonObject();
        for (int id = 0; id < vocabulary.size(); id++) {
            texts.add(Integer.toString(id), object("raw", vocabulary.get(id), "text", vocabulary.get(id)));
        }
        json.add("vocab", texts);
        JsonObject check = object("max_logit_difference", 0f, "top1_agrees", true);
        check.add("positions", new JsonArray());
        json.add("self_check", check);
        json.add("run", object("request_id", "", "omitted_trajectories", 0, "reserved_bytes", 0));
        return json;
    }

    private JsonObject model() {
        return object(
                "name",
                "made",
                "architecture",
                "llama",
                "layers",
                blocks,
                "hidden_size",
                1,
                "vocab_size",
                vocabulary.size(),
                "stored_dtype",
                "float32",
                "compute_dtype",
                "float32",
                "revision",
                "");
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        prompt.forEach(id -> text.append(vocabulary.get(id)));
        return text.toString();
    }

    private JsonArray tokens() {
        JsonArray tokens = new JsonArray();
        int start = 0;
        for (int id : prompt) {
            String text = vocabulary.get(id);
            int end = start + text.getBytes(StandardCharsets.UTF_8).length;
            tokens.add(object("id", id, "raw", text, "text", text, "start", start, "end", end));
            start = end;
        }
        return tokens;
    }

    private JsonArray targets() {
        JsonArray targets = new JsonArray();
        if (target >= 0) {
            JsonObject json = object("kind", "id");
            json.add("token_ids", array(List.of(target), JsonPrimitive::new));
            json.add("ids", array(positions(), position -> new JsonPrimitive(target)));
            targets.add(json);
        }
        return targets;
    }

    private JsonObject reading(int layer) {
        JsonObject json = object("lens", 0, "read_point", layer);
        json.add("ids", cells(layer, cell -> array(best(cell), JsonPrimitive::new)));
        json.add("log_probs", cells(layer, cell -> array(best(cell), id -> logProb(cell[id]))));
        JsonObject columns = new JsonObject();
        columns.add("log-sum-exp", cells(layer, cell -> new JsonPrimitive(0f)));
        columns.add("entropy", cells(layer, cell -> new JsonPrimitive((float) entropy(cell))));
        json.add("columns", columns);
        List<Integer> followed = target < 0 ? List.of() : List.of(target);
        json.add("ranks", cells(layer, cell -> array(followed, id -> new JsonPrimitive(rank(cell, id)))));
        json.add("target_log_probs", cells(layer, cell -> array(followed, id -> logProb(cell[id]))));
        return json;
    }

    private static long rank(double[] cell, int target) {
        return 1
                + IntStream.range(0, cell.length)
                        .filter(id -> cell[id] > cell[target])
                        .count();
    }

    private JsonObject tracked(int position) {
        TreeSet<Integer> ids = new TreeSet<>(target < 0 ? List.of() : List.of(target));
        for (double[][] layer : probabilities) {
            ids.addAll(best(layer[position]));
        }
        JsonObject json = object("lens", 0, "position", position);
        json.add("ids", array(List.copyOf(ids), JsonPrimitive::new));
        json.add(
                "log_probs",
                array(List.copyOf(ids), id -> array(List.of(probabilities), layer -> logProb(layer[position][id]))));
        return json;
    }

    private List<Integer> positions() {
        return indices(prompt.size());
    }

    private List<Integer> best(double[] cell) {
        return IntStream.range(0, cell.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -cell[id]).thenComparingInt(id -> id))
                .limit(k)
                .toList();
    }

    private JsonArray cells(int layer, Function<double[], JsonElement> value) {
        return array(List.of(probabilities[layer]), value);
    }

    private static double entropy(double[] cell) {
        double entropy = 0;
        for (double p : cell) {
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return entropy;
    }

    private static JsonPrimitive logProb(double probability) {
        return probability > 0 ? new JsonPrimitive((float) Math.log(probability)) : new JsonPrimitive("-Infinity");
    }

    private static JsonArray indexes(int count) {
        return array(indices(count), JsonPrimitive::new);
    }

    private static List<Integer> indices(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static <T> JsonArray array(List<T> values, Function<? super T, ? extends JsonElement> write) {
        JsonArray array = new JsonArray();
        new ArrayList<>(values).forEach(value -> array.add(write.apply(value)));
        return array;
    }

    private static JsonObject object(Object... keysAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String key = (String) keysAndValues[i];
            Object value = keysAndValues[i + 1];
            if (value instanceof Boolean flag) {
                object.addProperty(key, flag);
            } else if (value instanceof Number number) {
                object.addProperty(key, number);
            } else {
                object.addProperty(key, (String) value);
            }
        }
        return object;
    }
}
