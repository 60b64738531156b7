package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.request.Statistic.Direction;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The description of a column in native JSON and pages. A reader that does not know the column can still show it with
 * its label, unit and scale.
 */
public final class StatisticJson {

    private StatisticJson() {}

    /**
     * Writes it as one object.
     *
     * @param vocabularySize of the model, for a largest value that depends on it; 0 if unknown
     */
    public static void write(Statistic statistic, int vocabularySize, JsonWriter json) throws IOException {
        json.beginObject();
        json.name("name").value(statistic.name());
        json.name("label").value(statistic.label());
        json.name("unit").value(statistic.unit());
        number("minimum", statistic.minimum(), json);
        number("maximum", statistic.maximum(vocabularySize), json);
        json.name("direction").value(statistic.direction().name().toLowerCase(Locale.ROOT));
        json.name("meaning").value(statistic.meaning());
        if (statistic.remark().isPresent()) {
            json.name("remark").value(statistic.remark().get());
        }
        json.endObject();
    }

    /** The statistic with this name, or a new one from this description. */
    static Statistic read(Section fields) throws LensFileException {
        Optional<Statistic> known = Statistic.find(fields.string("name"));
        return known.isPresent()
                ? known.get()
                : Statistic.described(
                        fields.string("name"),
                        fields.string("label"),
                        fields.string("unit"),
                        fields.optionalNumber("minimum"),
                        fields.optionalNumber("maximum"),
                        direction(fields.string("direction")),
                        fields.string("meaning"),
                        fields.optionalString("remark"));
    }

    /** An unknown direction of a later version counts as neutral. */
    private static Direction direction(String name) {
        for (Direction direction : Direction.values()) {
            if (direction.name().toLowerCase(Locale.ROOT).equals(name)) {
                return direction;
            }
        }
        return Direction.NEUTRAL;
    }

    private static void number(String key, OptionalDouble value, JsonWriter json) throws IOException {
        if (value.isPresent()) {
            json.name(key).value(JsonNumbers.plain(value.getAsDouble()));
        }
    }
}
