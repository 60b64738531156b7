package dev.stratalens.cli.explore;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;

/** The body of an answer that begins with its first byte, so that a failure before it can still be answered. */
final class LateBody extends OutputStream {

    private final HttpExchange exchange;
    private boolean begun;

    LateBody(HttpExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!begun) {
            begun = true;
            exchange.sendResponseHeaders(200, 0);
        }
        exchange.getResponseBody().write(bytes, offset, length);
    }
}
