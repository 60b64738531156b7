package dev.stratalens.server;

import dev.stratalens.server.grpc.TextCalls;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of a server that compute nothing. None of them keeps the process alive. */
final class ServerThreads {

    /** Calls within the process are handed on, not computed, on these threads: a caller lends none of its own. */
    private static final int WORKERS = 4;
    /** Texts that are read for Tokenize and RenderChat at a time. */
    private static final int TEXTS = 2;

    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, daemons("stratalens-call"));
    // As many as the queues of all models need, which is a few each: none waits for the texts of another.
    private final ExecutorService readers = Executors.newCachedThreadPool(daemons("stratalens-read"));
    private final ThreadPoolExecutor texts = new ThreadPoolExecutor(
            TEXTS, TEXTS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("stratalens-text"));
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(daemons("stratalens-timer"));

    /** For calls within the process. */
    ExecutorService workers() {
        return workers;
    }

    /** For prompts that are read before they wait in a queue. */
    ExecutorService readers() {
        return readers;
    }

    /** For texts that are answered without a pass. */
    ThreadPoolExecutor texts() {
        return texts;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** Runs something later, unless the server stops before. */
    void later(long nanos, Runnable work) {
        if (!timer.isShutdown()) {
            var unused = timer.schedule(work, nanos, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Answers what was asked for of texts, or refuses what had to wait for too long.
     *
     * @param patience for texts that are being read
     * @return false if one is still read
     */
    boolean finishTexts(Duration limit, Duration patience) throws InterruptedException {
        texts.shutdown();
        if (texts.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        texts.shutdownNow().forEach(TextCalls::refuse);
        return texts.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the others. */
    void close() {
        workers.shutdown();
        readers.shutdown();
        timer.shutdownNow();
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
