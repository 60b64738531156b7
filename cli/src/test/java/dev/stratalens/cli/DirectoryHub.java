package dev.stratalens.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;

/** A hub on loopback whose one repository, {@code org/tiny}, is a directory of this machine. */
final class DirectoryHub implements AutoCloseable {

    static final String MODEL = "hf:org/tiny";
    static final String COMMIT = "c0ffee0000000000000000000000000000000000";

    private final Path directory;
    private final HttpServer server;

    DirectoryHub(Path directory) throws IOException {
        this.directory = directory;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    /** Variables that lead a command here, with a cache of its own. */
    Map<String, String> environment(Path cache) {
        return Map.of(
                "HF_ENDPOINT", "http://localhost:" + server.getAddress().getPort(), "HF_HUB_CACHE", cache.toString());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Path file = directory.resolve(path.substring(path.lastIndexOf('/') + 1));
        if (path.startsWith("/api/models/org/tiny/revision/")) {
            send(exchange, listing().getBytes(StandardCharsets.UTF_8));
        } else if (path.startsWith("/org/tiny/resolve/" + COMMIT) && Files.isRegularFile(file)) {
            byte[] content = Files.readAllBytes(file);
            exchange.getResponseHeaders().set("ETag", '"' + sha256(content) + '"');
            send(exchange, content);
        } else {
            exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    private String listing() throws IOException {
        JsonArray siblings = new JsonArray();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                JsonObject sibling = new JsonObject();
                sibling.addProperty("rfilename", file.getFileName().toString());
                siblings.add(sibling);
            });
        }
        JsonObject root = new JsonObject();
        root.addProperty("sha", COMMIT);
        root.add("siblings", siblings);
        return root.toString();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
