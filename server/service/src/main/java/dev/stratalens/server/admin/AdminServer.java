package dev.stratalens.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stratalens.server.config.Quantities;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * HTTP for probes, Prometheus and operators: {@code /livez}, {@code /readyz}, {@code /metrics}, and
 * {@code POST /drain?deadline=30s}.
 */
public final class AdminServer implements AutoCloseable {

    private static final int THREADS = 4;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String DEADLINE = "deadline=";

    private final AdminTarget target;
    private final HttpServer http;
    private final AtomicBoolean draining = new AtomicBoolean();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "stratalens-admin");
        thread.setDaemon(true);
        return thread;
    });

    private record Answer(int status, String type, byte[] body) {

        static Answer text(int status, String text) {
            return new Answer(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8));
        }

        /** For a probe. */
        static Answer of(boolean good, String bad) {
            return good ? text(200, "ok") : text(503, bad);
        }
    }

    private interface Question {
        Answer answer(HttpExchange exchange) throws IOException;
    }

    private AdminServer(AdminTarget target, HttpServer http) {
        this.target = target;
        this.http = http;
        serve("/livez", "GET", exchange -> Answer.of(target.isLive(), "a thread that everything depends on is down"));
        serve("/readyz", "GET", exchange -> Answer.of(target.isReady(), "not serving"));
        serve("/metrics", "GET", exchange -> metrics());
        serve("/drain", "POST", this::drain);
        http.setExecutor(threads);
        http.start();
    }

    /**
     * Begins to listen.
     *
     * @param port 0 for any that is free
     * @throws IOException naming the setting that cannot be used
     */
    public static AdminServer start(String host, int port, AdminTarget target) throws IOException {
        try {
            InetAddress address = InetAddress.getByName(host);
            return new AdminServer(target, HttpServer.create(new InetSocketAddress(address, port), 0));
        } catch (IOException failure) {
            BindException taken = new BindException(
                    "admin-port: cannot listen on %s:%d (%s). Choose another admin-port or admin-host."
                            .formatted(host, port, failure.getMessage()));
            taken.initCause(failure);
            throw taken;
        }
    }

    /** The port that is bound. */
    public int port() {
        return http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdown();
    }

    private void serve(String path, String method, Question question) {
        http.createContext(path, exchange -> {
            try (exchange) {
                Answer answer = answer(exchange, path, method, question);
                exchange.getResponseHeaders().set("Content-Type", answer.type());
                exchange.sendResponseHeaders(answer.status(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
        });
    }

    private static Answer answer(HttpExchange exchange, String path, String method, Question question)
            throws IOException {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            return Answer.text(404, "Known here: /livez, /readyz, /metrics, /drain.");
        }
        if (!exchange.getRequestMethod().equals(method)) {
            return Answer.text(405, "Use %s.".formatted(method));
        }
        // A page in a browser on this machine is no operator.
        if (exchange.getRequestHeaders().containsKey("Origin")) {
            return Answer.text(403, "Pages may not ask here.");
        }
        return question.answer(exchange);
    }

    private Answer metrics() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        target.writeMetrics(text);
        return new Answer(200, target.metricsType(), text.toByteArray());
    }

    private Answer drain(HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        Optional<Duration> deadline = query == null
                ? Optional.of(target.gracePeriod())
                : query.startsWith(DEADLINE)
                        ? Quantities.duration(query.substring(DEADLINE.length()))
                        : Optional.empty();
        if (deadline.isEmpty()) {
            return Answer.text(400, "Give a time such as /drain?deadline=30s.");
        }
        if (draining.getAndSet(true)) {
            return Answer.text(409, "The server drains already.");
        }
        new Thread(() -> target.drain(deadline.get()), "stratalens-drain").start();
        return Answer.text(
                202,
                "Running calls have %d s to finish.".formatted(deadline.get().toSeconds()));
    }
}
