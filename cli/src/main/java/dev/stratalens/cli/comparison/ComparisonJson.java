package dev.stratalens.cli.comparison;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.report.comparison.Comparison;
import dev.stratalens.report.comparison.ComparisonFigures;
import dev.stratalens.report.comparison.Difference;
import dev.stratalens.report.comparison.Divergence;
import dev.stratalens.report.comparison.OverlaidTrajectory;
import dev.stratalens.report.comparison.PositionPair;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.ToDoubleBiFunction;

/** Every number of a comparison as one JSON object. Grids are {@code [layer pair][position pair]}; null is unknown. */
final class ComparisonJson {

    private final Parting parting;
    private final Comparison comparison;
    private final JsonWriter json;

    private ComparisonJson(Parting parting, JsonWriter json) {
        this.parting = parting;
        this.comparison = parting.comparison();
        this.json = json;
    }

    /** Writes the object and a line feed. Does not close the writer. */
    static void write(Parting parting, Writer out) throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.setHtmlSafe(false);
        new ComparisonJson(parting, json).write();
        json.flush();
        out.write('\n');
    }

    private void write() throws IOException {
        json.beginObject().name("format").value("stratalens-comparison/1");
        run("a", comparison.a());
        run("b", comparison.b());
        alignment();
        grid("total_variation", (layer, position) -> at(layer, position).totalVariation());
        grid("jensen_shannon", (layer, position) -> at(layer, position).jensenShannon());
        grid("kl_a_b", (layer, position) -> at(layer, position).klFromA());
        grid("kl_b_a", (layer, position) -> at(layer, position).klFromB());
        grid("shared_a", (layer, position) -> at(layer, position).sharedA());
        grid("shared_b", (layer, position) -> at(layer, position).sharedB());
        json.name("difference").beginObject();
        for (Difference difference : Difference.all()) {
            grid(
                    difference.key(),
                    (layer, position) ->
                            comparison.difference(difference, layer, position).orElse(Double.NaN));
        }
        json.endObject();
        positions();
        json.endObject();
    }

    private Divergence at(int layer, int position) {
        return comparison.divergence(layer, position);
    }

    private void run(String name, LensResult result) throws IOException {
        json.name(name).beginObject();
        json.name("model").value(result.model().name());
        json.name("revision").value(result.model().revision());
        json.name("blocks").value(result.model().layers());
        if (result.prompt().isPresent()) {
            json.name("prompt").value(result.prompt().get());
        }
        json.name("tokens").beginArray();
        for (PromptToken token : result.tokens()) {
            json.beginObject().name("id").value(token.token().id());
            json.name("text").value(token.token().text()).endObject();
        }
        json.endArray();
        numbers("layers", result.layers());
        json.endObject();
    }

    private void alignment() throws IOException {
        json.name("layers").beginObject();
        json.name("aligned_by").value(comparison.layerAlignment().name().toLowerCase(Locale.ROOT));
        numbers("a", comparison.layers().stream().map(pair -> pair.a()).toList());
        numbers("b", comparison.layers().stream().map(pair -> pair.b()).toList());
        numbers("only_in_a", comparison.layersOnlyInA());
        numbers("only_in_b", comparison.layersOnlyInB());
        json.endObject();
        json.name("positions").beginObject();
        json.name("aligned_by")
                .value(comparison.positionAlignment().rule().name().toLowerCase(Locale.ROOT));
        numbers("a", comparison.positions().stream().map(PositionPair::a).toList());
        numbers("b", comparison.positions().stream().map(PositionPair::b).toList());
        numbers("only_in_a", comparison.positionAlignment().onlyInA());
        numbers("only_in_b", comparison.positionAlignment().onlyInB());
        json.endObject();
        json.name("tokens_matched_by").value(comparison.isMatchedByText() ? "text" : "id");
    }

    private void numbers(String name, List<Integer> numbers) throws IOException {
        json.name(name).beginArray();
        for (int number : numbers) {
            json.value(number);
        }
        json.endArray();
    }

    private void grid(String name, ToDoubleBiFunction<Integer, Integer> values) throws IOException {
        json.name(name).beginArray();
        for (int layer = 0; layer < comparison.layers().size(); layer++) {
            json.beginArray();
            for (int position = 0; position < comparison.positions().size(); position++) {
                number(values.applyAsDouble(layer, position));
            }
            json.endArray();
        }
        json.endArray();
    }

    private void number(double value) throws IOException {
        if (Double.isNaN(value)) {
            json.nullValue();
        } else if (Double.isInfinite(value)) {
            json.value(value > 0 ? "Infinity" : "-Infinity");
        } else {
            json.value((float) value);
        }
    }

    private void positions() throws IOException {
        json.name("parting").beginObject();
        json.name("measure").value(ComparisonFigures.name(parting.measure()));
        json.name("threshold").value(parting.threshold());
        json.name("positions").beginArray();
        for (int position = 0; position < comparison.positions().size(); position++) {
            json.beginObject();
            json.name("same_token").value(comparison.isSameToken(position));
            index("first_apart", comparison.firstApart(position, parting.measure(), parting.threshold()));
            index("first_other_top", comparison.firstOtherTop(position));
            index("most_apart", OptionalInt.of(comparison.mostApart(position, parting.measure())));
            trajectories(comparison.overlay(position));
            json.endObject();
        }
        json.endArray().endObject();
    }

    /** An index into the pairs of layers. */
    private void index(String name, OptionalInt layerIndex) throws IOException {
        json.name(name);
        if (layerIndex.isEmpty()) {
            json.nullValue();
        } else {
            json.value(layerIndex.getAsInt());
        }
    }

    private void trajectories(List<OverlaidTrajectory> trajectories) throws IOException {
        json.name("trajectories").beginArray();
        for (OverlaidTrajectory trajectory : trajectories) {
            json.beginObject().name("token").value(trajectory.token().text());
            values("a", trajectory.a());
            values("b", trajectory.b());
            json.endObject();
        }
        json.endArray();
    }

    private void values(String name, List<OptionalDouble> values) throws IOException {
        json.name(name).beginArray();
        for (OptionalDouble value : values) {
            number(value.orElse(Double.NaN));
        }
        json.endArray();
    }
}
