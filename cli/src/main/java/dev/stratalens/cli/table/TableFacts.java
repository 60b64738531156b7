package dev.stratalens.cli.table;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What each part of a table says of itself. */
public final class TableFacts {

    static final String FORMAT = "stratalens.format";
    static final String FORMAT_1 = "stratalens-table/1";
    /** Key of what is known of the model. */
    public static final String MODEL = "stratalens.model";

    static final String ROWS = "stratalens.rows";
    private static final String LENSES = "stratalens.lenses";

    /** Spark keeps the metadata of columns so, and none of files. */
    private static final String SPARK_SCHEMA = "org.apache.spark.sql.parquet.row.metadata";

    private TableFacts() {}

    /** The keys and values of a part's metadata. */
    public static Map<String, String> of(TableRows rows, ModelFacts model) {
        return Map.of(
                FORMAT,
                FORMAT_1,
                ROWS,
                rows.toString(),
                MODEL,
                model(model).toString(),
                LENSES,
                lenses(model).toString());
    }

    /** What the file of a part says of the table: itself, or the first of its columns, where Spark wrote it. */
    static Map<String, String> read(Map<String, String> ofFile) {
        String schema = ofFile.get(SPARK_SCHEMA);
        Map<String, String> facts = new HashMap<>(ofFile);
        if (schema != null) {
            JsonObject column = JsonParser.parseString(schema)
                    .getAsJsonObject()
                    .getAsJsonArray("fields")
                    .get(0)
                    .getAsJsonObject();
            column.getAsJsonObject("metadata")
                    .asMap()
                    .forEach(
                            (key, value) -> facts.putIfAbsent(key, value.isJsonPrimitive() ? value.getAsString() : ""));
        }
        return facts;
    }

    /** Name of the model. */
    public static String name(Map<String, String> facts) {
        return JsonParser.parseString(facts.getOrDefault(MODEL, ""))
                .getAsJsonObject()
                .get("name")
                .getAsString();
    }

    /** Whether the models differ, in their weights or tokenizers too, or two lenses of the same name. */
    public static boolean differ(Map<String, String> one, Map<String, String> other) {
        if (!Objects.equals(one.get(MODEL), other.get(MODEL))) {
            return true;
        }
        Map<String, JsonElement> lenses = byName(one);
        return byName(other).entrySet().stream()
                .anyMatch(lens ->
                        !lenses.getOrDefault(lens.getKey(), lens.getValue()).equals(lens.getValue()));
    }

    private static Map<String, JsonElement> byName(Map<String, String> facts) {
        return JsonParser.parseString(facts.getOrDefault(LENSES, "[]")).getAsJsonArray().asList().stream()
                .collect(Collectors.toMap(
                        lens -> lens.getAsJsonObject().get("name").getAsString(), Function.identity()));
    }

    private static JsonObject model(ModelFacts model) {
        ModelInfo info = model.info();
        JsonObject json = new JsonObject();
        json.addProperty("name", info.name());
        json.addProperty("architecture", info.architecture());
        json.addProperty("revision", info.revision());
        json.addProperty("blocks", info.layers());
        info.hiddenSize().ifPresent(width -> json.addProperty("hidden_size", width));
        info.vocabularySize().ifPresent(rows -> json.addProperty("vocabulary_size", rows));
        json.addProperty("stored_type", info.storedType());
        json.addProperty("compute_type", info.computeType());
        json.addProperty("weights_fingerprint", model.weightsFingerprint());
        json.addProperty("tokenizer_digest", model.tokenizerDigest());
        return json;
    }

    /** The fitted lenses of the model. */
    private static JsonArray lenses(ModelFacts model) {
        JsonArray lenses = new JsonArray();
        for (LensInfo lens : model.lenses()) {
            JsonObject json = new JsonObject();
            json.addProperty("name", lens.name());
            json.addProperty("fingerprint", lens.fingerprint());
            json.addProperty("fitted_by", lens.fittedBy());
            json.addProperty("fitted_for", lens.fittedFor());
            json.addProperty("revision", lens.revision());
            lenses.add(json);
        }
        return lenses;
    }
}
