package dev.stratalens.cli.explore;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * Lets through who knows the token, which is the first part of the path, so that a page of elsewhere or another user of the
 * machine cannot ask. The name in {@code Host} must be loopback: a foreign name that resolves to it (DNS rebinding) is
 * refused. Its port may be any, as tunnels change it.
 */
final class AccessGate implements HttpHandler {

    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");
    private static final int TOKEN_BYTES = 16;
    private static final String NO_TICKET = "";

    /** Nothing but our own files, no frame around us, no form, no foreign address. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final SecureRandom random = new SecureRandom();
    private final String token = newToken();
    private final Routes routes;
    private String ticket = NO_TICKET;

    AccessGate(Routes routes) {
        this.routes = routes;
    }

    /** The secret of this process. */
    String token() {
        return token;
    }

    /** A token that is good for one request; replaces an earlier one. */
    synchronized String issueTicket() {
        ticket = newToken();
        return ticket;
    }

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
            String[] path = exchange.getRequestURI().getRawPath().split("/", 3);
            String given = path.length > 1 ? path[1] : "";
            if (same(given, token) && path.length == 3) {
                routes.answer(exchange, path[2]);
            } else if (useTicket(given)) {
                exchange.getResponseHeaders().set("Location", "/" + token + "/");
                exchange.sendResponseHeaders(303, -1);
            } else {
                Answer.failure(403, "FORBIDDEN", "The address lacks the token: open the one that the terminal shows.")
                        .send(exchange);
            }
        }
    }

    private synchronized boolean useTicket(String given) {
        boolean good = !ticket.equals(NO_TICKET) && same(given, ticket);
        if (good) {
            ticket = NO_TICKET;
        }
        return good;
    }

    private static void harden(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    /** Takes as long wherever the two differ. */
    private static boolean same(String given, String secret) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), secret.getBytes(StandardCharsets.UTF_8));
    }

    private String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
