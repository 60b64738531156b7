package dev.stratalens.server.watch;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A file with a line for each request. Told of one at a time; a line that cannot be written is counted as lost. */
public final class AuditLog implements RequestWatch, AutoCloseable {

    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private final Prompts prompts;
    private final AuditFile file;
    private final AtomicLong lost = new AtomicLong();

    /** Whether prompts are written. */
    public enum Prompts {
        LEFT_OUT,
        WRITTEN
    }

    /**
     * Opens the file, and goes on at its end.
     *
     * @param maxBytes of a file, before the next one is begun
     * @param files that are kept, the current one included
     */
    public AuditLog(Path path, Prompts prompts, long maxBytes, int files) throws IOException {
        this.prompts = prompts;
        file = new AuditFile(path, maxBytes, files);
    }

    @Override
    public void ended(RequestFacts facts) {
        JsonObject line = AuditLine.of(facts);
        if (prompts == Prompts.WRITTEN) {
            facts.subject().prompt().ifPresent(prompt -> line.add("prompt", AuditLine.of(prompt)));
        }
        try {
            file.add(GSON.toJson(line));
        } catch (IOException e) {
            lost.incrementAndGet();
        }
    }

    /** Lines so far that could not be written. */
    public long lost() {
        return lost.get();
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            lost.incrementAndGet();
        }
    }
}
