package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.result.InterventionEffect;
import dev.stratalens.client.result.LensResult;
import java.io.IOException;

/** The cells that interventions can reach, as pages read them. */
public final class ReachedJson {

    private ReachedJson() {}

    /**
     * Adds {@code reached}: for each read point of the result's lens the indexes, ascending, where stretches of positions that can
     * differ from the unchanged pass begin and end, in turn.
     */
    public static void write(LensResult changed, InterventionEffect effect, JsonWriter json) throws IOException {
        json.name("reached").beginArray();
        for (ReadPoint point : changed.readPoints()) {
            json.beginArray();
            boolean inside = false;
            for (int at = 0; at <= changed.positions().size(); at++) {
                boolean reached = at < changed.positions().size()
                        && effect.reaches(point, changed.positions().get(at));
                if (reached != inside) {
                    json.value(at);
                }
                inside = reached;
            }
            json.endArray();
        }
        json.endArray();
    }
}
