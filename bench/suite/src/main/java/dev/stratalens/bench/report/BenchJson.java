package dev.stratalens.bench.report;

import com.google.gson.JsonObject;
import dev.stratalens.cli.terminal.ProgressLine;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/**
 * The report for programs, in JSON Lines: the machine and the model, then every figure with its samples' spread in base units,
 * and every note. A report without {@code complete} at its end was ended early.
 */
public final class BenchJson implements BenchReport {

    private final PrintWriter out;
    private final ProgressLine progress;
    private boolean closed;

    public BenchJson(PrintWriter out, ProgressLine progress) {
        this.out = out;
        this.progress = progress;
    }

    @Override
    public void begin(Map<String, String> machine, Map<String, String> model) {
        JsonObject json = new JsonObject();
        json.add("machine", object(machine));
        json.add("model", object(model));
        write(json);
    }

    @Override
    public void add(Figure figure) {
        JsonObject json = new JsonObject();
        json.addProperty("part", figure.part().toString());
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
        write(json);
    }

    @Override
    public void note(String note) {
        JsonObject json = new JsonObject();
        json.addProperty("note", note);
        write(json);
    }

    @Override
    public void endPart() {
        // Every line stands for itself.
    }

    @Override
    public void complete() {
        JsonObject json = new JsonObject();
        json.addProperty("complete", true);
        write(json);
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private synchronized void write(JsonObject json) {
        if (!closed) {
            progress.clear();
            out.println(json);
            out.flush();
        }
    }

    private static JsonObject object(Map<String, String> facts) {
        JsonObject json = new JsonObject();
        facts.forEach(json::addProperty);
        return json;
    }
}
