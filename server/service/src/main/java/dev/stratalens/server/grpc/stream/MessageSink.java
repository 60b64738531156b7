package dev.stratalens.server.grpc.stream;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.server.error.ReaderTooSlowException;

/** Where the messages of one answer go: a stream of its own, or its place in a shared one. Never waits. Thread-safe. */
public interface MessageSink<M extends MessageLite> {

    /**
     * Sends a message, now or once its reader takes it.
     *
     * @throws LensCanceledException if the caller went away
     * @throws ReaderTooSlowException if the reader stays away for too long, or leaves more than there is room for
     */
    void write(M message);

    /** As {@link #write}, but the message may wait a moment for the next one, to leave with it. */
    void hold(M message);

    /** Sends a message that a later one may replace where the reader does not keep up, and that may be lost. */
    void offer(M message);

    /** As {@link #offer}, but the message waits a moment, and is lost if anything else is sent meanwhile. */
    void remark(M message);

    /** The answer is complete. */
    void complete();

    /** The answer ends with a failure. */
    void fail(Throwable failure);
}
