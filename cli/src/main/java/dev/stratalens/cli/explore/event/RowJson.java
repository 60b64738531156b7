package dev.stratalens.cli.explore.event;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.Statistic;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.Prediction;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.TargetInfo;
import dev.stratalens.client.result.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer as an event. Numbers are arrays of 4-byte values, least byte first, in base64: {@code [position][k]},
 * {@code [position]} and {@code [position][target]}. A rank of 0 and NaN mean: none.
 */
public final class RowJson {

    private RowJson() {}

    /**
     * Writes a layer.
     *
     * @param positions those that are written
     * @param firstLens what the first lens of the result is called in its run
     */
    public static void write(
            LayerResult layer, List<Integer> positions, int firstLens, VocabularyJson vocabulary, JsonWriter json)
            throws IOException {
        ResultInfo info = layer.info();
        int cells = positions.size();
        Numbers ids = new Numbers(cells * info.k());
        Numbers logProbs = new Numbers(cells * info.k());
        json.name("lens").value(firstLens + info.lenses().indexOf(layer.lens()));
        PageLayer.write(layer.readPoint(), json.name("layer"));
        List<Token> mentioned = new ArrayList<>();
        for (int position : positions) {
            for (Prediction prediction : layer.topK(position)) {
                ids.add(prediction.token().id());
                logProbs.add(prediction.logProb());
                mentioned.add(prediction.token());
            }
        }
        vocabulary.write(mentioned, json);
        json.name("ids").value(ids.base64());
        json.name("logProbs").value(logProbs.base64());
        json.name("columns").beginObject();
        for (Statistic statistic : info.statistics()) {
            Numbers column = new Numbers(cells);
            for (int position : positions) {
                column.add((float) layer.statistic(statistic, position).orElse(Double.NaN));
            }
            json.name(statistic.name()).value(column.base64());
        }
        json.endObject();
        if (!info.targets().isEmpty()) {
            targets(layer, positions, json);
        }
    }

    private static void targets(LayerResult layer, List<Integer> positions, JsonWriter json) throws IOException {
        ResultInfo info = layer.info();
        int count = info.targets().size();
        Numbers ranks = new Numbers(positions.size() * count);
        Numbers logProbs = new Numbers(positions.size() * count);
        for (int position : positions) {
            for (TargetInfo target : info.targets()) {
                ranks.add(layer.rank(target.target(), position).orElse(0));
                logProbs.add(
                        (float) layer.targetLogProb(target.target(), position).orElse(Double.NaN));
            }
        }
        json.name("ranks").value(ranks.base64());
        json.name("targetLogProbs").value(logProbs.base64());
    }
}
