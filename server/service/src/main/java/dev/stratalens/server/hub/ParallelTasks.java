package dev.stratalens.server.hub;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs tasks side by side; the first that fails ends the others. */
final class ParallelTasks {

    private static final int AT_A_TIME = 4;

    private ParallelTasks() {}

    /** The results, in order of completion. No task runs any more once this has returned or thrown. */
    static <T> List<T> run(List<Callable<T>> tasks) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME, task -> {
            Thread thread = new Thread(task, "stratalens-download");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<T> running = new ExecutorCompletionService<>(threads);
            tasks.forEach(running::submit);
            List<T> results = new ArrayList<>();
            for (int i = 0; i < tasks.size(); i++) {
                results.add(running.take().get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }
}
