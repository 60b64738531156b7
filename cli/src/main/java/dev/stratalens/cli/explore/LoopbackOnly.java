package dev.stratalens.cli.explore;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * What holds for every request: the name in {@code Host} must be loopback, since a foreign name that resolves to it (DNS rebinding)
 * is refused; its port may be any, as tunnels change it. Every answer forbids what the page does not need.
 */
record LoopbackOnly(HttpHandler inner) implements HttpHandler {

    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

    private static final String CONTENT_POLICY = "Content-Security-Policy";

    /** Nothing but our own files, no frame around us, no form, no foreign address. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            harden(exchange.getResponseHeaders());
            String host = exchange.getRequestHeaders().getFirst("Host");
            if (host == null || !LOOPBACK.matcher(host).matches()) {
                Answer.failure(403, "FORBIDDEN", "This page answers only as localhost or 127.0.0.1.")
                        .send(exchange);
                return;
            }
            inner.handle(exchange);
        }
    }

    private static void harden(Headers headers) {
        headers.set(CONTENT_POLICY, POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    /** Lets the page that is answered send a form to this server. */
    static void allowForm(Headers headers) {
        headers.set(CONTENT_POLICY, POLICY.replace("form-action 'none'", "form-action 'self'"));
    }
}
