package dev.stratalens.client.internal.json;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.LensTarget;
import dev.stratalens.client.ModelInfo;
import dev.stratalens.client.Prediction;
import dev.stratalens.client.PromptToken;
import dev.stratalens.client.RunInfo;
import dev.stratalens.client.Statistic;
import dev.stratalens.client.TargetInfo;
import dev.stratalens.client.Token;
import dev.stratalens.client.Trajectories.Encoding;
import dev.stratalens.client.internal.LayerColumns;
import dev.stratalens.client.internal.ResultColumns;
import dev.stratalens.client.internal.TrackedColumns;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Function;

/** Writes {@code stratalens/1}. */
public final class NativeJsonWriter {

    /** The value of the key {@code format}. */
    static final String FORMAT = "stratalens/1";

    private final JsonWriter json;
    private final ResultColumns result;
    private final RunInfo info;

    private NativeJsonWriter(ResultColumns result, Writer out) {
        this.json = new JsonWriter(out);
        this.result = result;
        this.info = result.info();
    }

    /** Writes a result; flushes, does not close. */
    public static void write(ResultColumns result, Writer out) throws IOException {
        new NativeJsonWriter(result, out).write();
    }

    private void write() throws IOException {
        json.beginObject();
        json.name("format").value(FORMAT);
        model(info.model());
        json.name("lens").beginObject();
        json.name("kind").value(info.lens().kind());
        json.name("skip_final_norm").value(info.lens().skipFinalNorm());
        json.name("approximate").value(info.lens().approximate());
        json.endObject();
        if (info.prompt().isPresent()) {
            json.name("prompt").value(info.prompt().get());
        }
        tokens();
        integers("layers", info.layers());
        integers("positions", info.positions());
        topK();
        statistics();
        finalTop();
        targets();
        tracked();
        vocabulary();
        summary();
        json.endObject();
        json.flush();
    }

    private void model(ModelInfo model) throws IOException {
        json.name("model").beginObject();
        json.name("name").value(model.name());
        json.name("architecture").value(model.architecture());
        json.name("layers").value(model.layers());
        json.name("hidden_size").value(model.hiddenSize());
        json.name("vocab_size").value(model.vocabularySize());
        json.name("stored_dtype").value(model.storedType());
        json.name("compute_dtype").value(model.computeType());
        json.name("revision").value(model.revision());
        json.endObject();
    }

    private void tokens() throws IOException {
        json.name("tokens").beginArray();
        for (PromptToken token : info.tokens()) {
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
        json.endArray();
    }

    private void topK() throws IOException {
        int k = info.k();
        json.name("top_k").beginObject();
        json.name("k").value(k);
        layerGrid("ids", (layer, position) -> ints(layer.topIds(), position * k, k));
        layerGrid("log_probs", (layer, position) -> floats(layer.topLogProbs(), position * k, k));
        json.endObject();
    }

    private void statistics() throws IOException {
        json.name("stats").beginObject();
        statistic("log_sum_exp", LayerColumns::logSumExps);
        for (Statistic statistic : info.statistics()) {
            statistic(
                    key(statistic),
                    switch (statistic) {
                        case ENTROPY -> LayerColumns::entropies;
                        case KL_FROM_FINAL -> LayerColumns::klFromFinals;
                        case KL_FROM_NEXT -> LayerColumns::klFromNexts;
                    });
        }
        json.endObject();
    }

    static String key(Statistic statistic) {
        return statistic.name().toLowerCase(Locale.ROOT);
    }

    private void statistic(String name, Function<LayerColumns, float[]> column) throws IOException {
        layerGrid(name, (layer, position) -> JsonNumbers.write(json, column.apply(layer)[position]));
    }

    private void finalTop() throws IOException {
        json.name("final_top").beginObject();
        json.name("ids").beginArray();
        for (Prediction top : info.finalTops()) {
            json.value(top.token().id());
        }
        json.endArray();
        json.name("log_probs").beginArray();
        for (Prediction top : info.finalTops()) {
            JsonNumbers.write(json, top.logProb());
        }
        json.endArray();
        json.endObject();
    }

    private void targets() throws IOException {
        int count = info.targets().size();
        json.name("targets").beginArray();
        for (int m = 0; m < count; m++) {
            int target = m;
            TargetInfo asked = info.targets().get(m);
            json.beginObject();
            json.name("kind").value(TargetKind.of(asked.target()).key());
            if (asked.target() instanceof LensTarget.Text text) {
                json.name("text").value(text.text());
            }
            integers("token_ids", asked.tokens().stream().map(Token::id).toList());
            json.name("ids").beginArray();
            for (OptionalInt id : asked.ids()) {
                integerOrNull(id);
            }
            json.endArray();
            layerGrid("rank", (layer, position) -> {
                int rank = layer.targetRanks()[position * count + target];
                integerOrNull(rank == 0 ? OptionalInt.empty() : OptionalInt.of(rank));
            });
            layerGrid(
                    "log_prob",
                    (layer, position) -> JsonNumbers.write(json, layer.targetLogProbs()[position * count + target]));
            json.endObject();
        }
        json.endArray();
    }

    private void tracked() throws IOException {
        if (info.trajectoryEncoding() == Encoding.NONE) {
            return;
        }
        boolean exact = info.trajectoryEncoding() == Encoding.FLOAT32;
        json.name("tracked_encoding").value(exact ? "float32" : "ppm");
        json.name("tracked").beginArray();
        for (TrackedColumns position : result.tracked()) {
            json.beginObject();
            json.name("ids");
            ints(position.ids(), 0, position.ids().length);
            json.name(exact ? "log_probs" : "ppm").beginArray();
            for (int layer = 0; layer < info.layers().size(); layer++) {
                trackedRow(position, layer, exact);
            }
            json.endArray();
            json.endObject();
        }
        json.endArray();
    }

    private void trackedRow(TrackedColumns position, int layer, boolean exact) throws IOException {
        json.beginArray();
        for (int token = 0; token < position.ids().length; token++) {
            int at = token * info.layers().size() + layer;
            if (exact) {
                JsonNumbers.write(json, position.logProbs()[at]);
            } else {
                json.value(position.ppm()[at]);
            }
        }
        json.endArray();
    }

    private void vocabulary() throws IOException {
        json.name("vocab").beginObject();
        for (Token token : new TreeMap<>(result.vocabulary()).values()) {
            json.name(Integer.toString(token.id())).beginObject();
            json.name("raw").value(token.raw());
            json.name("text").value(token.text());
            json.endObject();
        }
        json.endObject();
    }

    private void summary() throws IOException {
        json.name("self_check").beginObject();
        json.name("max_logit_difference");
        JsonNumbers.write(json, result.selfCheck().maxLogitDifference());
        json.name("top1_agrees").value(result.selfCheck().top1Agrees());
        integers("positions", result.selfCheck().positions());
        json.endObject();
        json.name("timings").beginObject();
        json.name("queue_ms");
        JsonNumbers.write(json, result.timings().queueMs());
        json.name("forward_ms");
        JsonNumbers.write(json, result.timings().forwardMs());
        json.name("lens_ms");
        JsonNumbers.write(json, result.timings().lensMs());
        json.endObject();
        json.name("run").beginObject();
        json.name("request_id").value(info.requestId());
        json.name("omitted_trajectories").value(result.facts().omittedTrajectories());
        json.name("reserved_bytes").value(result.facts().reservedBytes());
        json.endObject();
    }

    private interface CellWriter {
        void write(LayerColumns layer, int position) throws IOException;
    }

    private void layerGrid(String name, CellWriter cell) throws IOException {
        json.name(name).beginArray();
        for (LayerColumns layer : result.layers()) {
            json.beginArray();
            for (int position = 0; position < info.positions().size(); position++) {
                cell.write(layer, position);
            }
            json.endArray();
        }
        json.endArray();
    }

    private void integers(String name, List<Integer> values) throws IOException {
        json.name(name).beginArray();
        for (int value : values) {
            json.value(value);
        }
        json.endArray();
    }

    private void ints(int[] values, int offset, int length) throws IOException {
        json.beginArray();
        for (int i = offset; i < offset + length; i++) {
            json.value(values[i]);
        }
        json.endArray();
    }

    private void floats(float[] values, int offset, int length) throws IOException {
        json.beginArray();
        for (int i = offset; i < offset + length; i++) {
            JsonNumbers.write(json, values[i]);
        }
        json.endArray();
    }

    private void integerOrNull(OptionalInt value) throws IOException {
        if (value.isPresent()) {
            json.value(value.getAsInt());
        } else {
            json.nullValue();
        }
    }
}
