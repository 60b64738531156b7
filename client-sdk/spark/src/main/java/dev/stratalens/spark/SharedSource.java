package dev.stratalens.spark;

import dev.stratalens.cli.connect.Connection;
import dev.stratalens.cli.connect.Installation;
import dev.stratalens.cli.source.ModelOptions;
import dev.stratalens.cli.terminal.ProgressLine;
import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.model.ModelFacts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A server, or the model in this process, with the one client that all tasks here share. Thread-safe. */
final class SharedSource {

    private static final Duration FIRST_REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(15);

    private final ModelOptions place;
    private @Nullable Connection connection;
    private int tasks;
    private boolean isBroken;
    private Duration rest = FIRST_REST;
    private long restedAt = System.nanoTime();

    SharedSource(ModelOptions place) {
        this.place = place;
    }

    /** A task that asks the source. */
    final class Lease implements AutoCloseable {
        private final LensClient client;
        private final ModelFacts facts;

        private Lease(LensClient client, ModelFacts facts) {
            this.client = client;
            this.facts = facts;
        }

        LensClient client() {
            return client;
        }

        /** What the source says of its model now. */
        ModelFacts facts() {
            return facts;
        }

        /** Says that the source answers. */
        void answered() {
            synchronized (SharedSource.this) {
                isBroken = false;
                rest = FIRST_REST;
            }
        }

        /** Says that it does not: for a while, others are asked. */
        void failed() {
            SharedSource.this.failed();
        }

        @Override
        public void close() {
            release();
        }
    }

    /**
     * Begins to ask; waits until the model is loaded.
     *
     * @throws LensException if the source does not answer, or has no such model
     */
    Lease take() {
        synchronized (this) {
            tasks++;
        }
        try {
            Connection opened = connection();
            return new Lease(opened.client(), opened.awaitModel(new ProgressLine(System.err, false, 0)));
        } catch (RuntimeException | Error e) {
            if (e instanceof LensException) {
                failed();
            }
            release();
            throw e;
        }
    }

    private synchronized Connection connection() {
        if (connection == null) {
            connection = place.open(
                    Installation.detect(System.getProperties(), System.getenv()),
                    new ProgressLine(System.err, false, 0));
        }
        return connection;
    }

    private synchronized void failed() {
        isBroken = true;
        restedAt = System.nanoTime() + rest.toNanos();
        Duration longer = rest.multipliedBy(2);
        rest = longer.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : longer;
    }

    /** The last task of a server that went away leaves its connection, which would wait ever longer before it looks for the server. */
    private synchronized void release() {
        tasks--;
        if (tasks == 0 && isBroken && connection != null && place.server != null) {
            connection.close();
            connection = null;
        }
    }

    /** Tasks that ask it. */
    synchronized int tasks() {
        return tasks;
    }

    /** How long it is left alone; below zero if it is not. */
    synchronized Duration rest() {
        return Duration.ofNanos(restedAt - System.nanoTime());
    }

    @Override
    public String toString() {
        return place.server == null ? String.valueOf(place.model) : place.server;
    }
}
