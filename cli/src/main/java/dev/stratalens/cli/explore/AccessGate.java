package dev.stratalens.cli.explore;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/**
 * Lets through who knows the token, which is the first part of the path, so that a page of elsewhere or another user of the
 * machine cannot ask.
 */
final class AccessGate implements HttpHandler {

    private static final String NO_TICKET = "";

    private final String token = Secrets.next();
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
        ticket = Secrets.next();
        return ticket;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().split("/", 3);
        String given = path.length > 1 ? path[1] : "";
        if (Secrets.same(given, token) && path.length == 3) {
            routes.answer(exchange, path[2]);
        } else if (useTicket(given)) {
            exchange.getResponseHeaders().set("Location", "/" + token + "/");
            exchange.sendResponseHeaders(303, -1);
        } else {
            Answer.failure(403, "FORBIDDEN", "The address lacks the token: open the one that the terminal shows.")
                    .send(exchange);
        }
    }

    private synchronized boolean useTicket(String given) {
        boolean good = !ticket.equals(NO_TICKET) && Secrets.same(given, ticket);
        if (good) {
            ticket = NO_TICKET;
        }
        return good;
    }
}
