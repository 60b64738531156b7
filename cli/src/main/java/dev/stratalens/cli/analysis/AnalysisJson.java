package dev.stratalens.cli.analysis;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.output.ListFormat;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import dev.stratalens.report.analysis.LensGrid;
import dev.stratalens.report.analysis.Spread;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Parts of {@code stratalens-analysis/1}, the JSON of every analysis; docs/analysis-json.md says what its keys are. */
final class AnalysisJson {

    private AnalysisJson() {}

    /** Writes an analysis as one object and a line feed. Does not close the writer. */
    static void write(Analysis analysis, Writer out) throws IOException {
        LensResult result = analysis.result();
        List<Integer> positions = analysis.positions();
        JsonWriter json = ListFormat.json(out);
        json.beginObject();
        json.name("format").value("stratalens-analysis/1");
        json.name("analysis").value(analysis.name());
        json.name("model").beginObject();
        json.name("name").value(result.model().name());
        json.name("architecture").value(result.model().architecture());
        json.name("layers").value(result.model().layers());
        json.name("vocab_size").value(result.model().vocabularySize().orElse(0));
        json.name("compute_dtype").value(result.model().computeType());
        json.endObject();
        json.name("lens").value(result.lens().name());
        json.name("approximate").value(result.info().approximate());
        json.name("prompt").value(result.prompt().orElse(null));
        integers(result.layers(), json.name("layers"));
        integers(positions, json.name("positions"));
        json.name("tokens").beginArray();
        for (int position : positions) {
            token(result.tokens().get(position).token(), json);
        }
        json.endArray();
        analysis.found().writeJson(json);
        json.endObject().flush();
        out.write('\n');
    }

    static void integers(List<Integer> values, JsonWriter json) throws IOException {
        json.beginArray();
        for (int value : values) {
            json.value(value);
        }
        json.endArray();
    }

    static void token(Token token, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("id").value(token.id());
        json.name("text").value(token.text());
        json.endObject();
    }

    static void tokens(List<Token> tokens, JsonWriter json) throws IOException {
        json.beginArray();
        for (Token token : tokens) {
            token(token, json);
        }
        json.endArray();
    }

    /** [layer][position]. */
    static void grid(LensGrid grid, JsonWriter json) throws IOException {
        json.beginArray();
        for (int layer : grid.layers()) {
            json.beginArray();
            for (int position : grid.positions()) {
                number(grid.at(layer, position), json);
            }
            json.endArray();
        }
        json.endArray();
    }

    /** [layer], null where the layer has no number. */
    static void byLayer(LensGrid grid, JsonWriter json) throws IOException {
        json.beginArray();
        for (int layer : grid.layers()) {
            spread(grid.overPositions(layer), json);
        }
        json.endArray();
    }

    static void spread(Optional<Spread> spread, JsonWriter json) throws IOException {
        if (spread.isEmpty()) {
            json.nullValue();
            return;
        }
        json.beginObject();
        json.name("count").value(spread.get().count());
        number(OptionalDouble.of(spread.get().mean()), json.name("mean"));
        number(OptionalDouble.of(spread.get().median()), json.name("median"));
        number(OptionalDouble.of(spread.get().lowest()), json.name("lowest"));
        number(OptionalDouble.of(spread.get().highest()), json.name("highest"));
        json.endObject();
    }

    /** Float32 as short as it reads back, infinities as words, as in native JSON. */
    static void number(OptionalDouble value, JsonWriter json) throws IOException {
        if (value.isEmpty()) {
            json.nullValue();
            return;
        }
        double number = value.getAsDouble();
        if (Double.isInfinite(number)) {
            json.value(Double.toString(number));
        } else if (number == Math.rint(number) && Math.abs(number) < 1e9) {
            json.value((long) number);
        } else {
            json.value((Number) (float) number);
        }
    }

    static void numbers(List<OptionalDouble> values, JsonWriter json) throws IOException {
        json.beginArray();
        for (OptionalDouble value : values) {
            number(value, json);
        }
        json.endArray();
    }

    static void number(OptionalInt value, JsonWriter json) throws IOException {
        number(value.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(value.getAsInt()), json);
    }
}
