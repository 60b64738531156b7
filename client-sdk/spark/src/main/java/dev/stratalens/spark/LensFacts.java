package dev.stratalens.spark;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.cli.batch.BatchPrompt;
import dev.stratalens.cli.batch.BatchRequests;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.table.TableFacts;
import dev.stratalens.client.model.ModelFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a table says of its model, between the JVMs of Spark. */
final class LensFacts {

    private LensFacts() {}

    /**
     * As JSON, from whoever computes for this JVM.
     *
     * @throws CliException if the model does not have what is asked of every text
     */
    static String ask(List<String> options) throws InterruptedException {
        SparkLensOptions parsed = SparkLensOptions.parse(options);
        BatchPrompt any = new TextRow("any", "any", "", Optional.empty()).prompt(parsed.settings());
        JsonObject json = new JsonObject();
        try (SharedSource.Lease lease = SharedSources.of(options).take(0, new Patience(parsed.patience()))) {
            new BatchRequests(lease.client(), lease.facts()).check(any);
            TableFacts.of(parsed.rows.rows(), lease.facts()).forEach(json::addProperty);
        }
        return json.toString();
    }

    /** The keys and values of such JSON. */
    static Map<String, String> read(String json) {
        Map<String, String> facts = new TreeMap<>();
        JsonParser.parseString(json)
                .getAsJsonObject()
                .asMap()
                .forEach((key, value) -> facts.put(key, value.getAsString()));
        return facts;
    }

    /** What tells the model from others, its weights, tokenizer and arithmetic included. */
    static String model(Map<String, String> facts) {
        return facts.getOrDefault(TableFacts.MODEL, "");
    }

    static String model(SparkLensOptions options, ModelFacts facts) {
        return model(TableFacts.of(options.rows.rows(), facts));
    }
}
