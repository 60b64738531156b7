package dev.stratalens.cli.types;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.report.prompts.Moments;
import dev.stratalens.report.prompts.PromptQuantity;
import dev.stratalens.report.prompts.PromptType;
import dev.stratalens.report.prompts.PromptTypes;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Types of prompts as one JSON object. Arrays of a quantity have a number a layer; null is unknown. */
final class TypesJson {

    private TypesJson() {}

    /** Writes the object and a line feed. Does not close the writer. */
    static void write(PromptTypes types, Writer out) throws IOException {
        JsonWriter json = new JsonWriter(out);
        json.setHtmlSafe(false);
        json.beginObject().name("format").value("stratalens-prompts/1");
        if (types.model().isPresent()) {
            json.name("model").value(types.model().get().name());
            json.name("revision").value(types.model().get().revision());
            json.name("blocks").value(types.model().get().layers());
        }
        json.name("layers").beginArray();
        for (int layer : types.layers()) {
            json.value(layer);
        }
        json.endArray();
        json.name("types").beginArray();
        for (PromptType type : types.types()) {
            type(type, json);
        }
        json.endArray().endObject();
        json.flush();
        out.write('\n');
    }

    private static void type(PromptType type, JsonWriter json) throws IOException {
        json.beginObject().name("type").value(type.name());
        json.name("prompts").value(type.prompts());
        json.name("crystallization_layer").beginObject();
        json.name("prompts").value(type.crystallizationLayer().count());
        number(type.crystallizationLayer().mean(), json.name("mean"));
        number(type.crystallizationLayer().standardDeviation(), json.name("standard_deviation"));
        json.endObject();
        for (PromptQuantity quantity : PromptQuantity.all()) {
            if (type.has(quantity)) {
                List<Moments> curve = type.curve(quantity);
                json.name(quantity.key()).beginObject();
                array("prompts", curve, Moments::count, json);
                array("mean", curve, Moments::mean, json);
                array("standard_deviation", curve, Moments::standardDeviation, json);
                json.endObject();
            }
        }
        json.endObject();
    }

    private static void array(String name, List<Moments> curve, ToDoubleFunction<Moments> value, JsonWriter json)
            throws IOException {
        json.name(name).beginArray();
        for (Moments moments : curve) {
            number(value.applyAsDouble(moments), json);
        }
        json.endArray();
    }

    private static void number(double value, JsonWriter json) throws IOException {
        if (Double.isNaN(value)) {
            json.nullValue();
        } else if (value == Math.rint(value) && Math.abs(value) < 1e9) {
            json.value((long) value);
        } else {
            json.value(value);
        }
    }
}
