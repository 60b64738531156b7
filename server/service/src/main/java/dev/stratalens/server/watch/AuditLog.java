package dev.stratalens.server.watch;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.stratalens.engine.lens.plan.LensPrompt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with a line for each request. A thread of its own writes it, so that no call waits for the disk; what it cannot write
 * in time is counted as lost, in the server's log. Thread-safe.
 */
public final class AuditLog implements RequestWatch, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final int WAITING = 10_000;
    /** Characters and tokens of prompts that wait to be written. */
    private static final int PROMPT_SIZE = 32 << 20;

    private static final long END_SECONDS = 10;

    private final Prompts prompts;
    private final AuditFile file;
    private final BlockingQueue<RequestFacts> waiting = new LinkedBlockingQueue<>(WAITING);
    private final AtomicLong waitingPrompts = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread = new Thread(this::write, "stratalens-audit");
    private volatile boolean closed;
    private long toldLost;

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
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void ended(RequestFacts facts) {
        long size = promptSize(facts);
        if (waitingPrompts.addAndGet(size) > PROMPT_SIZE || !waiting.offer(facts)) {
            waitingPrompts.addAndGet(-size);
            lost.incrementAndGet();
        }
    }

    private Optional<LensPrompt> prompt(RequestFacts facts) {
        return facts.subject().prompt().filter(prompt -> prompts == Prompts.WRITTEN);
    }

    private long promptSize(RequestFacts facts) {
        return prompt(facts).map(AuditLine::size).orElse(0L);
    }

    /** Requests so far that have no line. */
    public long lost() {
        return lost.get();
    }

    /** Says in the server's log how many lines were lost since the last call. */
    public synchronized void look() {
        long now = lost.get();
        if (now > toldLost) {
            LOG.error("The audit log lost {} lines: its disk is full, broken or too slow.", now - toldLost);
            toldLost = now;
        }
    }

    private void write() {
        try {
            while (!closed || !waiting.isEmpty()) {
                RequestFacts facts = waiting.poll(100, TimeUnit.MILLISECONDS);
                if (facts != null) {
                    write(facts);
                }
            }
        } catch (InterruptedException e) {
            // It is over.
        }
    }

    private void write(RequestFacts facts) {
        waitingPrompts.addAndGet(-promptSize(facts));
        JsonObject line = AuditLine.of(facts);
        prompt(facts).ifPresent(prompt -> line.add("prompt", AuditLine.of(prompt)));
        try {
            file.add(GSON.toJson(line));
            if (waiting.isEmpty()) {
                file.flush();
            }
        } catch (IOException e) {
            lost.incrementAndGet();
        }
    }

    /** Writes what waits. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            file.close();
        } catch (IOException e) {
            lost.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        look();
    }
}
