package dev.stratalens.client;

import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.SweepAssembler;
import dev.stratalens.client.internal.call.PulledAnswer;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The cells of one sweep as they come, in any order, once. Use it in try-with-resources: closing before the end cancels the call, on
 * the server too. Read by one thread; {@link #close()} may come from any thread. Everything but a complete answer is a
 * {@link LensException}.
 */
public final class SweepStream implements Iterable<SweepCell>, AutoCloseable {

    private final SweepAssembler assembler = new SweepAssembler();
    private final PulledAnswer<SweepResponse, SweepResult> answer;
    private final AtomicBoolean taken = new AtomicBoolean();

    SweepStream(Channel channel, CallOptions options, SweepRequest request) {
        answer = new PulledAnswer<>(
                ResponseQueue.start(channel, LensServiceGrpc.getSweepMethod(), options, RequestWriter.write(request)),
                response -> response.getEventsList().forEach(assembler::add),
                assembler::finish);
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
        return answer.readUntil(assembler::info);
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
        return answer.items(assembler::nextCell, "cell");
    }

    /**
     * The complete sweep; reads what is left of the stream. May be called again.
     *
     * @throws LensException if the call fails
     */
    public SweepResult result() {
        taken.set(true);
        return answer.readUntil(answer::result);
    }

    /** Cancels the call if it has not ended. Harmless when repeated. */
    @Override
    public void close() {
        answer.close();
    }
}
