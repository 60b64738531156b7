package dev.stratalens.server.watch;

import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.server.threads.Callback;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells another watch of requests on a thread of its own, so that no call waits for a disk or a terminal. What that cannot take
 * in time is lost, and counted. Thread-safe.
 */
public final class Backlog implements RequestWatch, AutoCloseable {

    private static final int MOST = 10_000;
    /** Characters and tokens of the prompts that wait. */
    private static final long MOST_PROMPTS = 32 << 20;

    private static final long END_SECONDS = 10;

    private final RequestWatch next;
    /** Empty at the end. */
    private final BlockingQueue<Optional<RequestFacts>> waiting = new LinkedBlockingQueue<>(MOST);

    private final AtomicLong prompts = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread = new Thread(this::work, "stratalens-watch");

    /** Keeps what it is told until it begins. */
    public Backlog(RequestWatch next) {
        this.next = next;
        thread.setDaemon(true);
    }

    /** Begins to tell the other watch. */
    public void begin() {
        thread.start();
    }

    @Override
    public void ended(RequestFacts facts) {
        long size = size(facts);
        if (prompts.addAndGet(size) > MOST_PROMPTS || !waiting.offer(Optional.of(facts))) {
            prompts.addAndGet(-size);
            lost.incrementAndGet();
        }
    }

    /** Requests so far of which the other watch was not told. */
    public long lost() {
        return lost.get();
    }

    private static long size(RequestFacts facts) {
        return facts.subject().prompt().map(Backlog::size).orElse(0L);
    }

    private static long size(LensPrompt prompt) {
        if (prompt instanceof LensPrompt.Text text) {
            return text.text().length();
        }
        if (prompt instanceof LensPrompt.TokenIds tokens) {
            return tokens.ids().length;
        }
        return ((LensPrompt.Chat) prompt)
                .messages().stream()
                        .mapToLong(message -> message.content().length())
                        .sum();
    }

    private void work() {
        try {
            for (var facts = waiting.take(); facts.isPresent(); facts = waiting.take()) {
                tell(facts.get());
            }
        } catch (InterruptedException e) {
            // It is over.
        }
    }

    private void tell(RequestFacts facts) {
        prompts.addAndGet(-size(facts));
        Callback.run("the log of a request", () -> next.ended(facts));
    }

    /** Tells of what waits. */
    @Override
    public void close() {
        try {
            if (waiting.offer(Optional.empty(), END_SECONDS, TimeUnit.SECONDS)) {
                thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
