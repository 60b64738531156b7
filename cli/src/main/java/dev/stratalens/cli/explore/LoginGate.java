package dev.stratalens.cli.explore;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Lets through who logged in with an API key of the server. Each session has the client of its key, so the server checks every
 * request as it checks those of programs. A session has a path of its own and a cookie for this path alone: browsers send the
 * cookies of a host to every port of it, where others of the machine may listen.
 */
final class LoginGate implements HttpHandler, AutoCloseable {

    private static final String COOKIE = "stratalens-session";
    private static final String FIELD = "key=";
    private static final int MAX_FORM_BYTES = 16 << 10;
    /** The least recently used gives way to another. */
    private static final int MAX_SESSIONS = 64;

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>Stratalens</title>
            <h1>Stratalens</h1>
            <form method="post" action="/login">
            <p>%s</p>
            <p><label>API key <input type="password" name="key" autocomplete="current-password" required autofocus></label>
            <button>Log in</button></p>
            </form>
            </html>
            """;

    private final Function<String, LensClient> clients;
    private final Opening opening;
    // Guarded by this.
    private final Map<String, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    /** @param clients a client of the server for each key */
    LoginGate(Function<String, LensClient> clients, Opening opening) {
        this.clients = clients;
        this.opening = opening;
    }

    private record Session(String cookie, LensClient client, ActiveRuns runs, Routes routes) {

        static Session of(LensClient client, Opening opening) {
            KeptResults kept = new KeptResults();
            // Files of the machine's owner would mix what several people asked.
            Optional<RunFolder> none = Optional.empty();
            ActiveRuns runs = new ActiveRuns(client, kept, none);
            return new Session(Secrets.next(), client, runs, new Routes(client, opening, runs, kept, none));
        }

        void end() {
            runs.close();
            client.close();
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().split("/", 3);
        String place = path.length > 1 ? path[1] : "";
        Optional<Session> session = session(place, exchange.getRequestHeaders());
        if (session.isPresent() && path.length == 3) {
            session.get().routes().answer(exchange, path[2]);
        } else if (place.equals("login") && exchange.getRequestMethod().equals("POST")) {
            logIn(exchange);
        } else if (place.isEmpty()) {
            page(200, "Log in with a key of the server.").send(form(exchange));
        } else {
            Answer.failure(403, "FORBIDDEN", "This session has ended, or is not yours; log in at /.")
                    .send(exchange);
        }
    }

    private Optional<Session> session(String place, Headers headers) {
        Optional<Session> session;
        synchronized (this) {
            session = Optional.ofNullable(sessions.get(place));
        }
        return session.filter(open -> headers.getOrDefault("Cookie", List.of()).stream()
                .flatMap(cookies -> Stream.of(cookies.split(";\\s*")))
                .anyMatch(cookie -> Secrets.same(cookie, COOKIE + "=" + open.cookie())));
    }

    private void logIn(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equals("http://" + headers.getFirst("Host"))) {
            Answer.failure(403, "FORBIDDEN", "Log in from the page of this server.")
                    .send(exchange);
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_FORM_BYTES);
        String form = new String(body, StandardCharsets.UTF_8);
        String key = form.startsWith(FIELD)
                ? URLDecoder.decode(form.substring(FIELD.length()), StandardCharsets.UTF_8)
                        .strip()
                : "";
        if (!key.matches("[!-~]+")) {
            page(400, "This is no key.").send(form(exchange));
            return;
        }
        LensClient client = clients.apply(key);
        try {
            client.serverInfo();
        } catch (LensException refusal) {
            client.close();
            page(403, "The server did not accept the key (%s).".formatted(refusal.code()))
                    .send(form(exchange));
            return;
        }
        Session session = Session.of(client, opening);
        String place = Secrets.next();
        add(place, session);
        Headers answer = exchange.getResponseHeaders();
        answer.set(
                "Set-Cookie", "%s=%s; Path=/%s/; HttpOnly; SameSite=Strict".formatted(COOKIE, session.cookie(), place));
        answer.set("Location", "/" + place + "/");
        exchange.sendResponseHeaders(303, -1);
    }

    private void add(String place, Session session) {
        Optional<Session> oldest = Optional.empty();
        synchronized (this) {
            if (sessions.size() == MAX_SESSIONS) {
                String first = sessions.keySet().iterator().next();
                oldest = Optional.ofNullable(sessions.remove(first));
            }
            sessions.put(place, session);
        }
        oldest.ifPresent(Session::end);
    }

    private static HttpExchange form(HttpExchange exchange) {
        LoopbackOnly.allowForm(exchange.getResponseHeaders());
        return exchange;
    }

    private static Answer page(int status, String message) {
        return new Answer(
                status, "text/html; charset=utf-8", PAGE.formatted(message).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void close() {
        sessions.values().forEach(Session::end);
        sessions.clear();
    }
}
