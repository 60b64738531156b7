package dev.stratalens.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Locale;

/** The report for programs: every figure with its samples' spread, in base units. */
public final class BenchJson {

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private BenchJson() {}

    /** Writes the report as one JSON object. */
    public static void write(BenchReport report, Appendable out) {
        JsonObject json = new JsonObject();
        json.add("machine", GSON.toJsonTree(report.machine()));
        json.add("model", GSON.toJsonTree(report.model()));
        JsonArray figures = new JsonArray();
        report.figures().forEach(figure -> figures.add(figure(figure)));
        json.add("figures", figures);
        json.add("notes", GSON.toJsonTree(report.notes()));
        GSON.toJson(json, out);
    }

    private static JsonObject figure(Figure figure) {
        JsonObject json = new JsonObject();
        json.addProperty("section", figure.section().toString());
        json.addProperty("name", figure.name());
        json.addProperty("condition", figure.condition());
        json.addProperty("unit", figure.unit().name().toLowerCase(Locale.ROOT));
        json.addProperty("median", figure.spread().median());
        json.addProperty("min", figure.spread().minimum());
        json.addProperty("max", figure.spread().maximum());
        json.addProperty("count", figure.spread().count());
        figure.target().ifPresent(target -> {
            json.addProperty(target.side() == Target.Side.AT_LEAST ? "at_least" : "at_most", target.bound());
            json.addProperty("met", target.isMetBy(figure.spread().median()));
        });
        return json;
    }
}
