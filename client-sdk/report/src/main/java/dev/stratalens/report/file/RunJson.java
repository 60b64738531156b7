package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.internal.result.ResultColumns;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.result.LensReading;
import dev.stratalens.client.result.PromptToken;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Timings;
import dev.stratalens.client.result.Token;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Writes everything of a result except its cells, in the keys of {@code stratalens/2}. */
public final class RunJson {

    /** The value of the key {@code format}. */
    static final String FORMAT = "stratalens/2";

    private static final double NANOS_PER_MS = 1e6;

    /** Of a result that was read from a file without one. */
    private static final SelfCheck NO_CHECK = SelfCheck.of(Float.NaN, false, List.of());

    private final JsonWriter json;
    private final ResultColumns result;
    private final ResultInfo info;
    private final List<Lens> lenses;
    private final List<ReadPoint> readPoints;

    /**
     * Writes into an open object.
     *
     * @param lenses lenses of the result whose cells are in the file
     * @param readPoints read points of the file; these lenses have no others
     */
    public RunJson(JsonWriter json, ResultColumns result, List<Lens> lenses, List<ReadPoint> readPoints) {
        this.json = json;
        this.result = result;
        this.info = result.info();
        this.lenses = List.copyOf(lenses);
        this.readPoints = List.copyOf(readPoints);
    }

    /** A constant's name in files. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** From {@code format} to {@code final_top}. */
    public void head() throws IOException {
        json.name("format").value(FORMAT);
        model(info.model());
        JsonArrays.write(json, "lenses", lenses, lens -> json.value(lens.name()));
        json.name("approximate").value(info.approximate());
        json.name("number_form").value(name(info.numberForm()));
        if (info.prompt().isPresent()) {
            json.name("prompt").value(info.prompt().get());
        }
        JsonArrays.write(json, "tokens", info.tokens(), this::token);
        JsonArrays.write(json, "read_points", readPoints, this::readPoint);
        if (info.lenses().stream().anyMatch(lens -> lens.map().isPresent())) {
            JsonArrays.write(json, "coverage", lenses, this::coverage);
        }
        JsonArrays.write(json, "positions", info.positions(), json::value);
        json.name("top_k").value(info.k());
        if (!info.candidates().areMostLikely()) {
            json.name("candidates").value(info.candidates().name());
        }
        int vocabulary = info.model().vocabularySize().orElse(0);
        JsonArrays.write(json, "columns", info.statistics(), each -> StatisticJson.write(each, vocabulary, json));
        JsonArrays.write(json, "targets", info.targets(), this::target);
        json.name("final_top").beginObject();
        JsonArrays.write(
                json, "ids", info.finalTops(), top -> json.value(top.token().id()));
        JsonArrays.write(json, "log_probs", info.finalTops(), top -> JsonNumbers.write(json, top.logProb()));
        json.endObject();
    }

    private void model(ModelInfo model) throws IOException {
        json.name("model").beginObject();
        json.name("name").value(model.name());
        json.name("architecture").value(model.architecture());
        json.name("layers").value(model.layers());
        json.name("hidden_size").value(model.hiddenSize().orElse(0));
        json.name("vocab_size").value(model.vocabularySize().orElse(0));
        json.name("stored_dtype").value(model.storedType());
        json.name("compute_dtype").value(model.computeType());
        json.name("revision").value(model.revision());
        json.endObject();
    }

    private void coverage(Lens lens) throws IOException {
        LensReading reading = info.reading(lens);
        json.beginObject();
        JsonArrays.write(
                json,
                "read_points",
                reading.readPoints().stream().filter(readPoints::contains).toList(),
                point -> json.value(readPoints.indexOf(point)));
        json.name("decodes_last_block_as_model").value(reading.decodesLastBlockAsModel());
        json.name("skipped_positions").value(reading.skippedPositions());
        JsonArrays.write(json, "warnings", reading.warnings(), json::value);
        json.endObject();
    }

    private void readPoint(ReadPoint point) throws IOException {
        json.beginObject();
        if (point.site() != Site.EMBEDDING) {
            json.name("block").value(point.block());
        }
        json.name("site").value(name(point.site()));
        json.endObject();
    }

    private void token(PromptToken token) throws IOException {
        json.beginObject();
        json.name("id").value(token.token().id());
        json.name("raw").value(token.token().raw());
        json.name("text").value(token.token().text());
        if (token.start().isPresent() && token.end().isPresent()) {
            json.name("start").value(token.start().getAsInt());
            json.name("end").value(token.end().getAsInt());
        }
        json.endObject();
    }

    private void target(TargetInfo asked) throws IOException {
        json.beginObject();
        json.name("kind").value(TargetKind.of(asked.target()).key());
        if (asked.target() instanceof LensTarget.Text text) {
            json.name("text").value(text.text());
        }
        JsonArrays.write(json, "token_ids", asked.tokens(), token -> json.value(token.id()));
        JsonArrays.write(json, "ids", asked.ids(), this::integerOrNull);
        json.endObject();
    }

    /** From {@code vocab} to {@code run}. */
    public void tail() throws IOException {
        json.name("vocab").beginObject();
        for (Token token : new TreeMap<>(result.vocabulary()).values()) {
            json.name(Integer.toString(token.id())).beginObject();
            json.name("raw").value(token.raw());
            json.name("text").value(token.text());
            json.endObject();
        }
        json.endObject();
        json.name("self_check").beginObject();
        json.name("max_logit_difference");
        SelfCheck check = result.summary().selfCheck().orElse(NO_CHECK);
        JsonNumbers.write(json, check.maxLogitDifference());
        json.name("top1_agrees").value(check.top1Agrees());
        JsonArrays.write(json, "positions", check.positions(), json::value);
        json.endObject();
        if (result.summary().timings().isPresent()) {
            Timings timings = result.summary().timings().get();
            json.name("timings").beginObject();
            json.name("queued_ms").value(milliseconds(timings.queued()));
            json.name("forward_ms").value(milliseconds(timings.forward()));
            json.name("lens_ms").value(milliseconds(timings.lens()));
            json.endObject();
        }
        json.name("run").beginObject();
        json.name("request_id").value(info.requestId());
        json.name("omitted_trajectories").value(result.summary().omittedTrajectories());
        json.name("reserved_bytes").value(result.summary().reservedBytes());
        json.endObject();
    }

    private static Number milliseconds(Duration time) {
        return JsonNumbers.plain(time.toNanos() / NANOS_PER_MS);
    }

    private void integerOrNull(OptionalInt value) throws IOException {
        if (value.isPresent()) {
            json.value(value.getAsInt());
        } else {
            json.nullValue();
        }
    }
}
