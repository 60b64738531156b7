package dev.stratalens.report.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.fake.SharedVector;
import dev.stratalens.client.result.GeneratedToken;
import dev.stratalens.client.result.GenerationResult;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.SweepCell;
import dev.stratalens.client.result.SweepInfo;
import dev.stratalens.client.result.SweepResult;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The complete answers in {@code proto/vectors} have the numbers that stand there, which a client in another language has read. */
@Timeout(30)
class SharedResultsTest {

    static List<SharedVector> vectors() throws IOException {
        return SharedVector.all().stream().filter(SharedVector::isComplete).toList();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void hasTheNumbersOfItsResult(SharedVector vector) throws IOException {
        try (Reader file = Files.newBufferedReader(vector.folder().resolve("result.json"))) {
            assertEquals(LensJson.read(file), vector.read());
        }
    }

    static List<SharedVector> changed() throws IOException {
        return complete("changed");
    }

    @ParameterizedTest
    @MethodSource("changed")
    void aChangedPassHasTheNumbersOfItsResult(SharedVector vector) throws IOException {
        JsonObject file = file(vector);
        LensResult result = vector.read();
        assertEquals(reading(file, "result"), withoutEffect(result));
        InterventionEffect effect = result.effect().orElseThrow();
        List<JsonElement> reached = file.getAsJsonArray("reached").asList();
        assertEquals(result.info().readPoints().size(), reached.size());
        for (int i = 0; i < reached.size(); i++) {
            assertEquals(
                    integers(reached.get(i).getAsJsonObject().getAsJsonArray("positions")),
                    effect.reached().get(result.info().readPoints().get(i)));
        }
        List<JsonElement> metrics = file.getAsJsonArray("metrics").asList();
        assertEquals(metrics.size(), effect.metrics().size());
        for (int i = 0; i < metrics.size(); i++) {
            JsonObject metric = metrics.get(i).getAsJsonObject();
            assertEquals(
                    metric.get("unchanged").getAsDouble(),
                    effect.metrics().get(i).unchanged());
            assertEquals(
                    metric.get("changed").getAsDouble(), effect.metrics().get(i).changed());
        }
        JsonElement unreached = file.get("largest_unreached_difference");
        assertEquals(
                unreached == null ? OptionalDouble.empty() : OptionalDouble.of(unreached.getAsDouble()),
                effect.largestUnreachedDifference());
        assertEquals(file.has("unchanged"), result.unchanged().isPresent());
        if (result.unchanged().isPresent()) {
            assertEquals(reading(file, "unchanged"), result.unchanged().get());
        }
    }

    static List<SharedVector> generations() throws IOException {
        return complete("generate");
    }

    @ParameterizedTest
    @MethodSource("generations")
    void aGenerationHasTheNumbersOfItsResult(SharedVector vector) throws IOException {
        JsonObject file = file(vector);
        GenerationResult result = vector.readGeneration();
        assertEquals(reading(file, "reading"), result.reading());
        assertEquals(file.get("text").getAsString(), result.text());
        assertEquals(
                file.get("stop_reason").getAsString(),
                result.stopReason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        JsonElement seed = file.get("seed");
        assertEquals(
                seed == null ? OptionalLong.empty() : OptionalLong.of(Long.parseUnsignedLong(seed.getAsString())),
                result.seed());
        List<JsonElement> tokens = file.getAsJsonArray("tokens").asList();
        assertEquals(tokens.size(), result.tokens().size());
        for (int i = 0; i < tokens.size(); i++) {
            JsonObject written = tokens.get(i).getAsJsonObject();
            GeneratedToken token = result.tokens().get(i);
            JsonElement settled = written.get("settled_from");
            assertEquals(written.get("position").getAsInt(), token.position());
            assertEquals(written.get("id").getAsInt(), token.token().id());
            assertEquals(written.get("log_prob").getAsFloat(), token.logProb());
            assertEquals(
                    settled.isJsonNull() ? OptionalInt.empty() : OptionalInt.of(settled.getAsInt()),
                    token.settledFrom());
            assertEquals(written.get("forced").getAsBoolean(), token.forced());
            assertEquals(written.get("text").getAsString(), token.text());
        }
    }

    static List<SharedVector> sweeps() throws IOException {
        return complete("sweep");
    }

    @ParameterizedTest
    @MethodSource("sweeps")
    void aSweepHasTheNumbersOfItsResult(SharedVector vector) throws IOException {
        JsonObject file = file(vector);
        SweepResult sweep = vector.readSweep();
        SweepInfo info = sweep.info();
        assertEquals(
                file.getAsJsonArray("tokens").asList().stream()
                        .map(JsonElement::getAsString)
                        .toList(),
                info.tokens().stream().map(token -> token.token().text()).toList());
        assertEquals(integers(file.getAsJsonArray("layers")), info.layers());
        assertEquals(integers(file.getAsJsonArray("positions")), info.positions());
        assertEquals(integers(file.getAsJsonArray("heads")), info.heads());
        assertEquals(file.get("metric_position").getAsInt(), info.metricPosition());
        assertEquals(file.get("unchanged").getAsDouble(), info.unchanged());
        JsonElement source = file.get("source");
        assertEquals(source == null ? OptionalDouble.empty() : OptionalDouble.of(source.getAsDouble()), info.source());
        assertEquals(
                file.getAsJsonArray("values").asList().stream()
                        .map(JsonElement::getAsFloat)
                        .toList(),
                sweep.cells().stream().map(SweepCell::value).toList());
    }

    private static List<SharedVector> complete(String kind) throws IOException {
        return SharedVector.all(kind).stream().filter(SharedVector::isComplete).toList();
    }

    private static JsonObject file(SharedVector vector) throws IOException {
        try (Reader file = Files.newBufferedReader(vector.folder().resolve("result.json"))) {
            return JsonParser.parseReader(file).getAsJsonObject();
        }
    }

    private static LensResult reading(JsonObject file, String name) throws IOException {
        return LensJson.read(new StringReader(file.get(name).toString()));
    }

    /** The file format has no effect. */
    private static LensResult withoutEffect(LensResult result) throws IOException {
        StringWriter file = new StringWriter();
        LensJson.write(result, file);
        return LensJson.read(new StringReader(file.toString()));
    }

    private static List<Integer> integers(JsonArray array) {
        return array.asList().stream().map(JsonElement::getAsInt).toList();
    }
}
