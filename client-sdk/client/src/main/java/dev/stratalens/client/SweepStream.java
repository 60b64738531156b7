package dev.stratalens.client;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.SweepAssembler;
import dev.stratalens.client.internal.call.CallFailure;
import dev.stratalens.client.internal.call.ResponseQueue;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.SweepRequest;
import dev.stratalens.client.result.SweepCell;
import dev.stratalens.client.result.SweepInfo;
import dev.stratalens.client.result.SweepResult;
import dev.stratalens.v1.LensServiceGrpc;
import dev.stratalens.v1.SweepResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The cells of one sweep as they come, in any order, once. Use it in try-with-resources: closing before the end cancels the call, on
 * the server too. Read by one thread; {@link #close()} may come from any thread. Everything but a complete answer is a
 * {@link LensException}.
 */
public final class SweepStream implements Iterable<SweepCell>, AutoCloseable {

    private final SweepAssembler assembler = new SweepAssembler();
    private final ResponseQueue<SweepResponse> responses;
    private final AtomicBoolean taken = new AtomicBoolean();
    private @Nullable SweepResult result;
    private @Nullable LensException failure;
    private volatile boolean closed;

    SweepStream(Channel channel, CallOptions options, SweepRequest request) {
        responses =
                ResponseQueue.start(channel, LensServiceGrpc.getSweepMethod(), options, RequestWriter.write(request));
    }

    /** Sets who is told of the work's state, on the thread that reads the stream, while it reads. */
    public SweepStream onProgress(Consumer<Progress> listener) {
        assembler.onProgress(listener);
        return this;
    }

    /**
     * What is known before the first cell; waits for it.
     *
     * @throws LensException if the call fails before that
     */
    public SweepInfo info() {
        SweepInfo info = assembler.info();
        while (info == null) {
            read();
            info = assembler.info();
        }
        return info;
    }

    /**
     * The cells.
     *
     * @throws IllegalStateException if the stream has been iterated before
     */
    @Override
    public Iterator<SweepCell> iterator() {
        if (taken.getAndSet(true)) {
            throw new IllegalStateException("this stream has been read; keep its result(), which can be read again");
        }
        return new Cells();
    }

    /**
     * The complete sweep; reads what is left of the stream. May be called again.
     *
     * @throws LensException if the call fails
     */
    public SweepResult result() {
        taken.set(true);
        SweepResult complete = result;
        while (complete == null) {
            read();
            complete = result;
        }
        return complete;
    }

    /** Cancels the call if it has not ended. Harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        responses.cancel("closed by the client");
    }

    private void read() {
        if (failure != null) {
            throw CallFailure.again(failure);
        }
        if (closed) {
            throw new LensException(ErrorCode.CANCELLED, "The stream was closed before its end.");
        }
        try {
            SweepResponse response = responses.next();
            if (response == null) {
                result = assembler.finish();
            } else {
                response.getEventsList().forEach(assembler::add);
            }
        } catch (LensException e) {
            failure = e;
            responses.cancel("the answer was refused");
            throw e;
        }
    }

    private final class Cells implements Iterator<SweepCell> {
        private @Nullable SweepCell next;

        @Override
        public boolean hasNext() {
            next = next == null ? assembler.nextCell() : next;
            while (!closed && next == null && result == null) {
                read();
                next = assembler.nextCell();
            }
            return !closed && next != null;
        }

        @Override
        public SweepCell next() {
            SweepCell cell = hasNext() ? next : null;
            if (cell == null) {
                throw new NoSuchElementException("the stream has no further cell");
            }
            next = null;
            return cell;
        }
    }
}
