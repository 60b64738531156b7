package dev.stratalens.client;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.ReadLayer;
import dev.stratalens.client.internal.assembly.ResultAssembler;
import dev.stratalens.client.internal.call.EventQueue;
import dev.stratalens.client.internal.message.ProgressReader;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.SelfCheck;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one run as they come. Single use: read by one thread; {@link #close()} may come from any. Use it in
 * try-with-resources: closing before the end cancels the call, on the server too.
 *
 * <p>Order, shape and completeness of everything that comes is verified. The iteration ends normally only after a complete
 * answer; everything else is a {@link LensException} with the reader's stack. A reader that stops reading stops the server;
 * one that stops for too long gets {@link ErrorCode#READER_TOO_SLOW}.
 */
public final class LensStream implements Iterable<LayerResult>, AutoCloseable {

    private final LensRequest request;
    private final EventQueue events;
    private final ResultAssembler assembler;
    private final ProgressReader progress = new ProgressReader();
    private Consumer<Progress> progressListener = state -> {};
    private final Deque<ReadLayer> complete = new ArrayDeque<>();
    private @Nullable LensResult result;
    private @Nullable LensException failure;
    private boolean taken;
    private boolean forgetting;
    private volatile boolean closed;

    LensStream(Channel channel, CallOptions options, LensRequest request) {
        this.request = request;
        assembler = new ResultAssembler(request);
        events = new EventQueue(channel, options, request);
    }

    /**
     * Sets who is told of the work's state: waiting, loading, running, each with an estimate of the time left. Called on the
     * thread that reads the stream, while it reads. Replaces an earlier listener.
     */
    public LensStream onProgress(Consumer<Progress> listener) {
        progressListener = listener;
        return this;
    }

    /**
     * Lets go of each layer once it has been given, so that memory does not grow with the layers; there is no {@link #result()} then.
     *
     * @throws IllegalStateException if the request asks for trajectories, which go on from all layers, or if reading has begun
     */
    public LensStream forgetLayers() {
        if (request.trajectories().wanted()) {
            throw new IllegalStateException(
                    "trajectories go on from all layers; ask with trajectories(Trajectories.none()) to let layers go");
        }
        requireUnread();
        forgetting = true;
        return this;
    }

    /**
     * What is known before the first layer; waits for it.
     *
     * @throws LensException if the call fails before that; {@code CANCELLED} if the stream was closed before
     */
    public ResultInfo info() {
        ResultInfo info = assembler.info();
        while (info == null) {
            readEvent();
            info = assembler.info();
        }
        return info;
    }

    /**
     * The layers of each lens, ascending, each as soon as it is complete; of several lenses in any order. A layer comes with the
     * facts of its run, among them what the model itself predicts: one that a server sends before these is given when they
     * are there, so that a layer says as much whenever it is read. After {@link #close()} there is no next one.
     *
     * @throws IllegalStateException if the stream has been iterated or read to its end before
     */
    @Override
    public Iterator<LayerResult> iterator() {
        requireUnread();
        taken = true;
        return new Layers();
    }

    /**
     * The complete result; reads what is left of the stream. May be called again.
     *
     * @throws LensException if the call fails; {@code CANCELLED} if the stream was closed before its end
     * @throws IllegalStateException if the layers were let go
     */
    public LensResult result() {
        if (forgetting) {
            throw new IllegalStateException("forgetLayers() was asked for, so there is no whole result");
        }
        return readToTheEnd();
    }

    /**
     * How the server checked itself; reads what is left of the stream. May be called again.
     *
     * @throws LensException as {@link #result()}
     */
    public SelfCheck selfCheck() {
        return readToTheEnd().selfCheck();
    }

    private LensResult readToTheEnd() {
        taken = true;
        while (result == null) {
            readEvent();
        }
        complete.clear();
        return result;
    }

    private void requireUnread() {
        if (taken) {
            throw new IllegalStateException(
                    "this stream has been read; start another one, or keep its result(), which can be read again");
        }
    }

    /** Cancels the call if it has not ended. Harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        events.cancel("closed by the client");
    }

    /** Reads one event, or the end. Must not be called after the end. */
    private void readEvent() {
        if (failure != null) {
            // The first reader's stack is the cause, this one's is the new exception's.
            throw new LensException(
                    failure.code(),
                    String.valueOf(failure.getMessage()),
                    failure.detail().orElse(null),
                    failure.retryAfter().orElse(null),
                    failure);
        }
        if (closed) {
            throw new LensException(ErrorCode.CANCELLED, "The stream was closed before its end.");
        }
        try {
            AnalyzeResponse response = events.next();
            if (response == null) {
                result = new LensResult(assembler.finish());
            } else {
                response.getEventsList().forEach(this::take);
            }
        } catch (LensException e) {
            failure = e;
            events.cancel("the answer was refused");
            throw e;
        }
    }

    private void take(Event event) {
        if (event.hasProgress()) {
            progress.read(event.getProgress()).ifPresent(progressListener);
        }
        ReadLayer layer = assembler.add(event);
        if (layer != null) {
            complete.add(layer);
            if (forgetting) {
                assembler.forgetLayers();
            }
        }
    }

    /** The next layer that is complete; null if none is, or if what it refers to has not come. */
    private @Nullable LayerResult nextLayer() {
        ResultInfo info = assembler.info();
        ReadLayer layer = info == null ? null : complete.peek();
        return info == null || layer == null
                ? null
                : new LayerResult(info, layer.lens(), layer.columns(), assembler.vocabulary());
    }

    private final class Layers implements Iterator<LayerResult> {
        private @Nullable LayerResult next;

        @Override
        public boolean hasNext() {
            next = nextLayer();
            while (!closed && next == null && result == null) {
                try {
                    readEvent();
                } catch (LensException e) {
                    if (!closed) {
                        throw e;
                    }
                }
                next = nextLayer();
            }
            return !closed && next != null;
        }

        @Override
        public LayerResult next() {
            LayerResult layer = hasNext() ? next : null;
            if (layer == null) {
                throw new NoSuchElementException("the stream has no further layer");
            }
            complete.remove();
            return layer;
        }
    }
}
