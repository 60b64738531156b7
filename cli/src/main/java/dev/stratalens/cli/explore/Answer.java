package dev.stratalens.cli.explore;

import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/** A short answer to a request. */
record Answer(int status, String type, byte[] body) {

    /** Writes the contents of a JSON object. */
    interface Fields {
        void write(JsonWriter json) throws IOException;
    }

    static Answer nothing() {
        return new Answer(204, "", new byte[0]);
    }

    static Answer json(Fields fields) throws IOException {
        return json(200, fields);
    }

    /** An answer in the shape of the event {@code error}. */
    static Answer failure(int status, String code, String message) throws IOException {
        return json(status, json -> Failure.of(code, message).write(json));
    }

    static Answer json(int status, Fields fields) throws IOException {
        StringWriter text = new StringWriter();
        JsonWriter json = new JsonWriter(text);
        json.beginObject();
        fields.write(json);
        json.endObject();
        return new Answer(
                status, "application/json; charset=utf-8", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    void send(HttpExchange exchange) throws IOException {
        if (!type.isEmpty()) {
            exchange.getResponseHeaders().set("Content-Type", type);
        }
        boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty ? -1 : body.length);
        if (!empty) {
            exchange.getResponseBody().write(body);
        }
    }
}
