package dev.stratalens.cli.explore;

import com.google.gson.stream.JsonWriter;
import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Server-sent events to one reader. Sending waits for a slow reader, so that nothing is piled up here. One thread sends;
 * another may {@link #beat()}.
 */
final class EventStream implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Writer out;
    private boolean ended;

    private EventStream(Writer out) {
        this.out = out;
    }

    /** Answers a request with events; the exchange's owner ends it. */
    static EventStream answering(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        return new EventStream(
                new BufferedWriter(new OutputStreamWriter(exchange.getResponseBody(), StandardCharsets.UTF_8), BUFFER));
    }

    /**
     * Sends an event.
     *
     * @throws UncheckedIOException if the reader is gone
     */
    void send(String event, Answer.Fields fields) {
        lock.lock();
        try {
            out.write("event: " + event + "\ndata: ");
            JsonWriter json = new JsonWriter(out); // escapes line feeds
            json.beginObject();
            fields.write(json);
            json.endObject();
            out.write("\n\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }

    /** Whether the reader still seems to be there: sends what it ignores, unless an event is being sent. */
    boolean beat() {
        if (!lock.tryLock()) {
            return true;
        }
        try {
            if (!ended) {
                out.write(":\n\n");
                out.flush();
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** No beat comes after it, so that the exchange can be closed. */
    @Override
    public void close() {
        lock.lock();
        try {
            ended = true;
        } finally {
            lock.unlock();
        }
    }
}
