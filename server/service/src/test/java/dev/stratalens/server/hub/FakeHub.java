package dev.stratalens.server.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A hub with one repository, on loopback, and the second host to which it sends those who want large files. It answers
 * as the real one does, but for the answers that a test puts in its mouth.
 */
final class FakeHub implements AutoCloseable {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final HubModel MODEL = new HubModel("org/name", "main");

    private final Map<String, byte[]> files = new TreeMap<>();
    private final Map<String, Deque<Answer>> answers = new HashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub;
    private final HttpServer store;

    /** What came in. */
    record Request(String host, String method, String path, Optional<String> range, Optional<String> authorization) {}

    /** What a test says in the hub's place. */
    interface Answer {
        void to(HttpExchange exchange) throws IOException;

        /** A refusal without a body. */
        static Answer status(int status, String... headers) {
            return exchange -> {
                for (int i = 0; i < headers.length; i += 2) {
                    exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
                }
                exchange.sendResponseHeaders(status, -1);
            };
        }
    }

    FakeHub() throws IOException {
        hub = start("hub", this::answer);
        store = start("store", exchange -> sendFile(exchange, name(exchange)));
    }

    /** Adds a file; one whose name ends in safetensors lies in the store. */
    FakeHub with(String name, byte[] content) {
        files.put(name, content);
        return this;
    }

    /** A model of one file of weights. */
    FakeHub withModel(byte[] weights) {
        return with("config.json", text("{}"))
                .with("tokenizer.json", text("{\"model\":{}}"))
                .with("model.safetensors", weights);
    }

    /** The next requests for a path, {@code METHOD path}, are answered so, one by one; later ones in the usual way. */
    FakeHub next(String request, Answer... scripted) {
        answers.computeIfAbsent(request, none -> new ArrayDeque<>()).addAll(List.of(scripted));
        return this;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    HubSettings settings(Path cache) {
        return new HubSettings(cache, URI.create(address(hub)), Optional.empty(), false, ProxySelector.of(null));
    }

    HubSettings settings(Path cache, String token) {
        HubSettings plain = settings(cache);
        return new HubSettings(cache, plain.endpoint(), Optional.of(token), false, plain.proxies());
    }

    /** The hub as seen by one who waits for milliseconds where users wait for seconds. */
    static ModelHub impatient(HubSettings settings) {
        return new ModelHub(
                settings, new RetryPolicy(3, Duration.ofMillis(1), Duration.ofSeconds(2), Duration.ofMillis(500)));
    }

    List<Request> requests() {
        return requests;
    }

    long count(String method, String path) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().equals(path))
                .count();
    }

    String storeAddress() {
        return address(store);
    }

    @Override
    public void close() {
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    private HttpServer start(String name, Answer usual) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                String request = exchange.getRequestMethod() + " "
                        + exchange.getRequestURI().getRawPath();
                requests.add(new Request(
                        name,
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getRawPath(),
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")),
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))));
                scripted(request).orElse(usual).to(exchange);
            } catch (IOException clientWentAway) {
                // Some tests want just that.
            }
        });
        server.start();
        return server;
    }

    private synchronized Optional<Answer> scripted(String request) {
        return Optional.ofNullable(
                answers.getOrDefault(request, new ArrayDeque<>()).poll());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/spaces/", "/");
        String name = files.containsKey(behindCommit(path)) ? behindCommit(path) : name(exchange);
        if (path.startsWith("/api/models/org/name/revision/") || path.startsWith("/api/spaces/org/name/revision/")) {
            send(exchange, 200, text(listing()), 0);
        } else if (!path.startsWith("/org/name/resolve/" + COMMIT) || !files.containsKey(name)) {
            Answer.status(404, "X-Error-Code", path.startsWith("/org/name/") ? "EntryNotFound" : "RepoNotFound")
                    .to(exchange);
        } else if (name.endsWith(".safetensors")) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + Hashes.sha256(files.get(name)) + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", Integer.toString(files.get(name).length));
            exchange.getResponseHeaders().set("Location", address(store) + "/" + name);
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().set("ETag", "W/\"" + Hashes.git(files.get(name)) + '"');
            sendFile(exchange, name);
        }
    }

    /** Ranges are honored, as by the real store. */
    void sendFile(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.getOrDefault(name, new byte[0]);
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, 200, content, 0);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        send(exchange, 206, content, from);
    }

    private static void send(HttpExchange exchange, int status, byte[] content, int from) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, content.length == from ? -1 : content.length - from);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(content, from, content.length - from);
        }
    }

    private String listing() {
        JsonArray siblings = new JsonArray();
        for (String name : files.keySet()) {
            JsonObject file = new JsonObject();
            file.addProperty("rfilename", name);
            siblings.add(file);
        }
        JsonObject root = new JsonObject();
        root.addProperty("sha", COMMIT);
        root.add("siblings", siblings);
        return root.toString();
    }

    /** A file's name with its folders. */
    private static String behindCommit(String path) {
        return path.substring(path.indexOf(COMMIT + "/") < 0 ? 0 : path.indexOf(COMMIT + "/") + COMMIT.length() + 1);
    }

    private static String name(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String address(HttpServer server) {
        return "http://localhost:" + server.getAddress().getPort();
    }
}
