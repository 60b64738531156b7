package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.request.IndexRange;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedIntervention;
import dev.stratalens.engine.lens.request.RequestedIntervention.Direction;
import dev.stratalens.engine.lens.request.RequestedIntervention.Measure;
import dev.stratalens.engine.lens.request.RequestedIntervention.Operation;
import dev.stratalens.engine.lens.request.RequestedIntervention.PromptRows;
import dev.stratalens.engine.lens.request.RequestedIntervention.Rows;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.Interlude;
import dev.stratalens.engine.model.site.Site;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares changed passes with hooks in transformers: every operation at every site, for every layer and position. */
class InterventionParityTest {

    // As in generate_interventions.py.
    private static final IndexRange[] POSITIONS = {IndexRange.of(2), IndexRange.of(5)};
    private static final int HEAD = 1;
    private static final int[] TOKENS = {5, 9};
    private static final int FOLLOWED = 7;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gpt_neox", "mixtral", "qwen3_5"})
    void everyOperationAtEverySiteAgreesWithTransformers(String name) throws IOException {
        ParityCase parity = ParityCases.named(name);
        JsonArray cases = JsonParser.parseString(Files.readString(recorded(name + ".json")))
                .getAsJsonArray();
        TensorFile values = TensorFile.of(recorded(name + ".safetensors"));
        assertEquals(cases.size(), values.shape("log_sum_exps")[0]);
        try (LoadedModel lens = SitesParityTest.loaded(parity, Placer.PROCESSOR)) {
            List<RecordingPlan> results = new ArrayList<>();
            cases.forEach(each -> results.add(new RecordingPlan(plan(parity, lens, each.getAsJsonObject()))));
            // Together, so that changes of one prompt must not reach another.
            lens.run(results.stream().map(RecordingPlan::wanted).toList(), Interlude.NONE);
            assertAll(IntStream.range(0, cases.size())
                    .mapToObj(i -> () -> assertCase(cases.get(i).toString(), results.get(i), values, i)));
        }
    }

    private static void assertCase(String what, RecordingPlan result, TensorFile values, int index) {
        result.outcome();
        int[] shape = values.shape("log_sum_exps");
        int size = shape[1] * shape[2];
        float[] logSumExps = values.floats("log_sum_exps", index * size, size);
        float[] logProbs = values.floats("log_probs", index * size, size);
        assertEquals(shape[1], result.results.layers.size());
        for (int layer = 0; layer < shape[1]; layer++) {
            CellReadout cells = result.results.layers.get(layer);
            for (int position = 0; position < shape[2]; position++) {
                int at = layer * shape[2] + position;
                String cell = "%s, layer %d, position %d".formatted(what, layer, position);
                CellParity.assertClose(logSumExps[at], cells.logSumExps()[position], cell);
                CellParity.assertClose(logProbs[at], cells.targetLogProbs()[position], cell);
            }
        }
    }

    private static LensPlan plan(ParityCase parity, LoadedModel lens, JsonObject described) {
        Site site = Site.valueOf(described.get("site").getAsString().toUpperCase(Locale.ROOT));
        Rows rows = Rows.at(site).positions(POSITIONS);
        int block = described.get("block").getAsInt();
        if (site != Site.EMBEDDING) {
            rows = rows.layers(IndexRange.of(block));
        }
        int width = lens.description().hiddenSize();
        if (site == Site.ATTENTION_HEADS) {
            rows = rows.heads(IndexRange.of(HEAD));
            width = lens.description().heads().get(block).size();
        }
        int[] ids = parity.tokenIds();
        LensPrompt source = new LensPrompt.TokenIds(
                IntStream.range(0, ids.length).map(i -> ids[ids.length - 1 - i]).toArray());
        RequestedPlan request = RequestedPlan.builder(new LensPrompt.TokenIds(ids))
                .targets(List.of(new RequestedTarget.TokenId(FOLLOWED)))
                .interventions(List.of(new RequestedIntervention(rows, operation(described, source, site, width))))
                .build();
        return LensPlanner.plan(request, lens.description(), lens.tokenizer(), lens.knownLenses())
                .plan();
    }

    private static Operation operation(JsonObject described, LensPrompt source, Site site, int width) {
        return switch (described.get("kind").getAsString()) {
            case "replace" ->
                new RequestedIntervention.ReplaceFrom(
                        Optional.of(source),
                        described.has("layer")
                                ? OptionalInt.of(described.get("layer").getAsInt())
                                : OptionalInt.empty(),
                        described.has("positions")
                                ? ranges(described.get("positions").getAsJsonArray())
                                : List.of());
            case "add" ->
                new RequestedIntervention.Add(
                        direction(described.get("direction").getAsString(), source, width, 0),
                        described
                                .get(described.has("factor") ? "factor" : "share")
                                .getAsDouble(),
                        described.has("factor") ? Measure.FACTOR : Measure.SHARE_OF_LENGTH,
                        described.has("largest_share")
                                ? OptionalDouble.of(
                                        described.get("largest_share").getAsDouble())
                                : OptionalDouble.empty());
            case "project_out" ->
                new RequestedIntervention.ProjectOut(
                        direction(described.get("direction").getAsString(), source, width, 0));
            case "swap" -> {
                String kind = site == Site.ATTENTION_HEADS ? "vector" : "token";
                yield new RequestedIntervention.Swap(
                        direction(kind, source, width, 0), direction(kind, source, width, 1));
            }
            case "zero" -> new RequestedIntervention.SetZero();
            case "mean" -> new RequestedIntervention.SetMean(rows(source, 1, 2, 6));
            case "vector" -> new RequestedIntervention.SetVector(vector(width, 3));
            case "scale" ->
                new RequestedIntervention.Scale(described.get("factor").getAsDouble());
            default -> new RequestedIntervention.SkipBlock();
        };
    }

    private static Direction direction(String kind, LensPrompt source, int width, int which) {
        return switch (kind) {
            case "token" ->
                new RequestedIntervention.TokenDirection(new RequestedTarget.TokenId(TOKENS[which]), Optional.empty());
            case "vector" -> new RequestedIntervention.Vector(vector(width, which));
            default -> new RequestedIntervention.Difference(rows(source, 0, 1, 2), rows(source, 3, 4));
        };
    }

    private static PromptRows rows(LensPrompt source, int... positions) {
        return new PromptRows(
                List.of(source),
                IntStream.of(positions).mapToObj(IndexRange::of).toList());
    }

    private static List<IndexRange> ranges(JsonArray positions) {
        List<IndexRange> ranges = new ArrayList<>();
        positions.forEach(position -> ranges.add(IndexRange.of(position.getAsInt())));
        return ranges;
    }

    private static float[] vector(int width, int seed) {
        var values = new float[width];
        for (int i = 0; i < width; i++) {
            values[i] = ((i * 7 + seed * 5) % 17 - 8) / 4f;
        }
        return values;
    }

    private static Path recorded(String file) {
        try {
            return Path.of(Objects.requireNonNull(InterventionParityTest.class.getResource("/interventions"))
                            .toURI())
                    .resolve(file);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
