package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.form.TextTable;
import dev.stratalens.cli.form.TextTable.Align;
import dev.stratalens.cli.terminal.ByteSize;
import dev.stratalens.cli.terminal.HeatScale;
import dev.stratalens.server.hub.CachedModel;
import dev.stratalens.server.hub.CachedModel.Revision;
import dev.stratalens.server.hub.HubCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** What the user's cache holds, as a part of a listing. */
public record CachedModels(HubCache cache, List<CachedModel> models) {

    public static CachedModels of(HubCache cache) {
        return new CachedModels(cache, cache.models());
    }

    public void printTable(PrintWriter out, HeatScale scale) {
        if (models.isEmpty()) {
            out.printf("%nNothing is in the Hugging Face cache (%s).%n", cache.root());
            return;
        }
        out.printf("%nIn the Hugging Face cache (%s):%n%n", cache.root());
        TextTable table = new TextTable()
                .column("model", Align.LEFT)
                .column("revision", Align.LEFT)
                .column("commit", Align.LEFT)
                .column("size", Align.RIGHT)
                .column("state", Align.LEFT);
        for (CachedModel model : models) {
            for (Revision revision : model.revisions()) {
                table.row(List.of(
                        "hf:" + model.repository(),
                        String.join(", ", revision.refs()),
                        revision.commit().substring(0, 8),
                        ByteSize.text(revision.bytes()),
                        revision.complete() ? "complete" : "no model or not complete"));
            }
        }
        table.print(out, scale::bold);
    }

    public void writeJson(JsonWriter json) throws IOException {
        json.name("cached").beginArray();
        for (CachedModel model : models) {
            for (Revision revision : model.revisions()) {
                json.beginObject().name("repository").value(model.repository());
                json.name("commit").value(revision.commit());
                json.name("refs").beginArray();
                for (String ref : revision.refs()) {
                    json.value(ref);
                }
                json.endArray().name("directory").value(revision.directory().toString());
                json.name("bytes").value(revision.bytes());
                json.name("complete").value(revision.complete()).endObject();
            }
        }
        json.endArray();
    }
}
