package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.server.error.ReaderTooSlowException;

/** Where the messages of one answer go: a stream of its own, or its place in a shared one. Thread-safe. */
interface MessageSink<M extends MessageLite> {

    /**
     * Sends a message; may wait for the reader.
     *
     * @throws LensCancelledException if the caller went away, or waiting is over
     * @throws ReaderTooSlowException if the reader took nothing for too long
     */
    void write(M message);

    /** Whether the messages of an answer of so many bytes find room though nobody reads. */
    boolean holds(long bytes);

    /** Sends a message that may be lost; never waits. */
    void offer(M message);

    /** Lets go of a thread that waits for the reader, and makes none wait from now on. */
    void waitNoMore();

    /** The answer is complete. */
    void complete();

    /** The answer ends with a failure. */
    void fail(Throwable failure);
}
