package dev.stratalens.cli.table;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.model.LensInfo;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.ModelInfo;
import java.util.Map;

/** What each part of a table says of itself. */
final class TableFacts {

    static final String FORMAT = "stratalens.format";
    static final String FORMAT_1 = "stratalens-table/1";
    static final String MODEL = "stratalens.model";
    static final String ROWS = "stratalens.rows";

    private TableFacts() {}

    /** The keys and values of a part's metadata. */
    static Map<String, String> of(TableRows rows, ModelFacts model) {
        return Map.of(
                FORMAT,
                FORMAT_1,
                ROWS,
                rows.toString(),
                MODEL,
                model(model).toString(),
                "stratalens.lenses",
                lenses(model).toString());
    }

    /** The name in what a part says of its model. */
    static String name(String model) {
        return JsonParser.parseString(model).getAsJsonObject().get("name").getAsString();
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
