package dev.stratalens.cli.explore;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of the explorer, as far as its requests go. */
record Tab(HttpClient http, URI page) {

    private static final int RECEIVE_BUFFER = 1 << 13;

    /** An event of a run. */
    record Event(String name, JsonObject data) {}

    static Tab of(Explorer explorer) {
        return new Tab(HttpClient.newHttpClient(), explorer.address());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(page.resolve(path)).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return http.send(request(path, json), BodyHandlers.ofString());
    }

    HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(page.resolve(path)).DELETE().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> put(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(page.resolve(path))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Starts a run. */
    Events run(String json) throws IOException, InterruptedException {
        return new Events(
                http.send(request("runs", json), BodyHandlers.ofInputStream()).body());
    }

    /** Starts a run of which this end of the connection holds next to nothing: events that nobody reads stay at the sender. */
    Events runHeldBack(String json) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BUFFER); // else Linux lets it grow, to 32 MB on some machines
        socket.connect(new InetSocketAddress(page.getHost(), page.getPort()));
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        // HTTP/1.0 has no chunks, whose lengths would stand among the lines
        String head = "POST %sruns HTTP/1.0\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(page.getPath(), page.getAuthority(), body.length);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        return new Events(socket.getInputStream());
    }

    private HttpRequest request(String path, String json) {
        return HttpRequest.newBuilder(page.resolve(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    /** The events of a run as they come. Closing it is closing the tab. */
    static final class Events implements AutoCloseable {

        private final InputStream body;
        private final BufferedReader lines;

        Events(InputStream body) {
            this.body = body;
            this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        /** The next event; null at the end. */
        @Nullable
        Event next() {
            try {
                String name = "";
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) {
                        name = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        String data = line.substring("data: ".length());
                        return new Event(name, JsonParser.parseString(data).getAsJsonObject());
                    }
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The next event of a name; those before it are passed over. */
        Event await(String name) {
            for (Event event = next(); event != null; event = next()) {
                if (event.name().equals(name)) {
                    return event;
                }
            }
            throw new AssertionError("the stream ended before " + name);
        }

        /** All that are left. */
        List<Event> rest() {
            List<Event> rest = new ArrayList<>();
            for (Event event = next(); event != null; event = next()) {
                rest.add(event);
            }
            return rest;
        }

        @Override
        public void close() {
            try {
                body.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
