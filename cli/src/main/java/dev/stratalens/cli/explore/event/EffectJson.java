package dev.stratalens.cli.explore.event;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.Metric;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.report.file.ReachedJson;
import java.io.IOException;

/** What a change did, for the page: which cells it can reach, and the metrics of both passes. */
public final class EffectJson {

    private EffectJson() {}

    public static void write(LensResult changed, InterventionEffect effect, JsonWriter json) throws IOException {
        ReachedJson.write(changed, effect, json);
        json.name("metrics").beginArray();
        for (InterventionEffect.MetricPair metric : effect.metrics()) {
            json.beginObject();
            json.name("kind").value(metric.metric().kind() instanceof Metric.KlFromUnchanged ? "kl" : "log_prob");
            json.name("unchanged").value(Double.toString(metric.unchanged()));
            json.name("changed").value(Double.toString(metric.changed()));
            json.endObject();
        }
        json.endArray();
    }
}
