package dev.stratalens.engine.lens.kernel;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.stratalens.engine.tensor.TorchRuntime;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a kernel. Each computes its products alone, so that the threads need not wait for each other within a
 * product. One caller at a time.
 */
public final class RowTeam implements AutoCloseable {

    /**
     * Parts per thread: small enough that a thread that wakes late finds work left, large enough to be worth claiming.
     */
    private static final int PARTS_PER_THREAD = 8;

    private final int threads;
    private final ExecutorService others;
    private final ThreadLocal<RowBuffer> buffers = ThreadLocal.withInitial(RowBuffer::new);

    /** A team of this number of threads. */
    public RowTeam(int threads) {
        this.threads = threads;
        ThreadFactory named = new ThreadFactoryBuilder()
                .setNameFormat("stratalens-rows-%d")
                .setDaemon(true)
                .build();
        this.others = Executors.newFixedThreadPool(threads, work -> named.newThread(() -> TorchRuntime.runAlone(work)));
    }

    /** Number of threads. */
    public int threads() {
        return threads;
    }

    /**
     * Runs workers 0 .. workers-1 at once, each on a thread of its own, and returns when all have ended. Rethrows the
     * first failure.
     *
     * @param workers at most {@link #threads()}
     */
    public void run(int workers, IntConsumer worker) {
        var running = new CountDownLatch(workers);
        var failure = new AtomicReference<@Nullable Throwable>();
        for (int i = 0; i < workers; i++) {
            int index = i;
            others.execute(() -> {
                try {
                    worker.accept(index);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                } finally {
                    running.countDown();
                }
            });
        }
        Uninterruptibles.awaitUninterruptibly(running);
        Throwable thrown = failure.get();
        if (thrown != null) {
            Throwables.throwIfUnchecked(thrown);
            throw new IllegalStateException(thrown);
        }
    }

    /** Works on one row. */
    @FunctionalInterface
    interface RowTask {

        /**
         * Works on a row.
         *
         * @param buffer buffer of the thread
         */
        void accept(int row, RowBuffer buffer);
    }

    /**
     * Runs a task for each of the rows 0 .. rows-1, in any order, and returns when all are done. The calling thread takes
     * part and starts first: it is awake already.
     */
    void forEach(int rows, RowTask task) {
        int helpers = Math.min(threads, rows) - 1;
        if (helpers <= 0) {
            RowBuffer buffer = buffers.get();
            for (int row = 0; row < rows; row++) {
                task.accept(row, buffer);
            }
            return;
        }
        var work = new SharedWork(rows, Math.min(rows, threads * PARTS_PER_THREAD), helpers, task);
        for (int i = 0; i < helpers; i++) {
            others.execute(work::help);
        }
        work.finish();
    }

    @Override
    public void close() {
        others.shutdown();
    }

    private final class SharedWork {

        private final int rows;
        private final int parts;
        private final RowTask task;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch helping;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        private SharedWork(int rows, int parts, int helpers, RowTask task) {
            this.rows = rows;
            this.parts = parts;
            this.task = task;
            this.helping = new CountDownLatch(helpers);
        }

        private void help() {
            try {
                work();
            } finally {
                helping.countDown();
            }
        }

        private void work() {
            RowBuffer buffer = buffers.get();
            try {
                for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                    int end = (int) ((part + 1L) * rows / parts);
                    for (int row = (int) ((long) part * rows / parts); row < end; row++) {
                        task.accept(row, buffer);
                    }
                }
            } catch (Throwable e) {
                next.set(parts);
                failure.compareAndSet(null, e);
            }
        }

        private void finish() {
            work();
            Uninterruptibles.awaitUninterruptibly(helping);
            Throwable thrown = failure.get();
            if (thrown != null) {
                throw new IllegalStateException(thrown);
            }
        }
    }
}
