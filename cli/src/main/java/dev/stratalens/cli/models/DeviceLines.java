package dev.stratalens.cli.models;

import com.google.gson.stream.JsonWriter;
import dev.stratalens.cli.connect.BlockPlaces;
import dev.stratalens.cli.connect.DeviceWords;
import dev.stratalens.client.model.ServedModel;
import dev.stratalens.client.model.ServerDevice;
import dev.stratalens.client.model.ServerInfo;
import dev.stratalens.engine.error.PrintableText;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** The devices of a server with their free memory, and the places of blocks. A server without cards prints nothing. */
final class DeviceLines {

    private DeviceLines() {}

    static void print(ServerInfo server, List<ServedModel> models, PrintWriter out) {
        for (ServedModel served : models) {
            served.facts()
                    .filter(facts -> !BlockPlaces.isPlain(facts))
                    .ifPresent(facts ->
                            out.printf("%n%s%n", PrintableText.of(served.name() + ": " + BlockPlaces.of(facts))));
        }
        if (server.devices().size() > 1) {
            out.println();
            server.devices().forEach(device -> out.println(PrintableText.of(DeviceWords.of(device))));
        }
    }

    static void writeJson(ServerInfo server, JsonWriter json) throws IOException {
        json.name("devices").beginArray();
        for (ServerDevice device : server.devices()) {
            json.beginObject().name("name").value(device.name());
            if (device.memoryBytes().isPresent()) {
                json.name("memory_bytes").value(device.memoryBytes().getAsLong());
            }
            if (device.freeBytes().isPresent()) {
                json.name("free_bytes").value(device.freeBytes().getAsLong());
            }
            json.endObject();
        }
        json.endArray();
    }
}
