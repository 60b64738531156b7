package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.Token;
import dev.stratalens.client.result.Trajectory;
import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes version 2 of the widget's format. */
final class V2JsonWriter {

    private static final int DECIMALS = 5;

    private final LensResult result;
    private final JsonWriter json;
    private final Instant timestamp;
    private final Map<Integer, String> names;
    private final List<Integer> blocks;

    /** Creates a writer for a result that has all trajectories. */
    V2JsonWriter(LensResult result, Writer out, Instant timestamp) {
        this.result = result;
        this.json = new JsonWriter(out);
        this.timestamp = timestamp;
        this.names = uniqueNames(result.vocabulary());
        this.blocks = result.layers().stream().filter(layer -> layer >= 0).toList();
    }

    /** Writes the result, then flushes. */
    void write() throws IOException {
        json.beginObject();
        json.name("meta").beginObject();
        json.name("version").value(2);
        json.name("model").value(result.model().name());
        json.name("timestamp").value(timestamp.toString());
        if (result.lenses().size() > 1) {
            json.name("lens").value(result.lens().name());
        }
        json.endObject();
        JsonArrays.write(json, "layers", blocks, json::value);
        JsonArrays.write(
                json,
                "input",
                result.positions(),
                position -> json.value(result.tokens().get(position).token().text()));
        JsonArrays.write(json, "topk", blocks, this::topK);
        JsonArrays.write(json, "tracked", result.positions(), this::tracked);
        json.name("ids").beginObject();
        for (Map.Entry<Integer, String> name : new TreeMap<>(names).tailMap(0).entrySet()) {
            json.name(name.getValue()).value(name.getKey());
        }
        json.endObject();
        json.endObject();
        json.flush();
    }

    private void topK(int layer) throws IOException {
        json.beginArray();
        for (int position : result.positions()) {
            json.beginArray();
            for (Prediction prediction : result.topK(layer, position)) {
                json.value(names.get(prediction.token().id()));
            }
            json.endArray();
        }
        json.endArray();
    }

    private void tracked(int position) throws IOException {
        json.beginObject();
        for (Trajectory trajectory : result.trajectories(position)) {
            json.name(String.valueOf(names.get(trajectory.token().id())));
            JsonArrays.range(
                    json, 0, blocks.size(), index -> json.value(rounded(trajectory.probability(blocks.get(index)))));
        }
        json.endObject();
    }

    private static BigDecimal rounded(double probability) {
        return BigDecimal.valueOf(Math.round(probability * 1e5), DECIMALS).stripTrailingZeros();
    }

    /** The widget identifies tokens by their text, so texts that several ids share get the id as a suffix. */
    private static Map<Integer, String> uniqueNames(Map<Integer, Token> vocabulary) {
        Map<String, Integer> sharers = new HashMap<>();
        vocabulary.values().forEach(token -> sharers.merge(token.text(), 1, Integer::sum));
        Map<Integer, String> names = new HashMap<>();
        for (Token token : vocabulary.values()) {
            String name = token.text();
            if (sharers.getOrDefault(name, 0) > 1) {
                do {
                    name += "#" + token.id();
                } while (sharers.containsKey(name));
            }
            names.put(token.id(), name);
        }
        return names;
    }
}
