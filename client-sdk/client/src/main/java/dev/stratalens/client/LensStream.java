package dev.stratalens.client;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.ResultAssembler;
import dev.stratalens.client.internal.call.PulledAnswer;
import dev.stratalens.client.internal.call.PulledSubscription;
import dev.stratalens.client.internal.call.ResponseQueue;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.model.ModelFacts;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LayerResult;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.ResultInfo;
import dev.stratalens.client.result.ResultSummary;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The layers of one result as they come: for a loop, or for a subscriber, once. Use it in try-with-resources: closing before the
 * end cancels the call, on the server too. A subscriber closes it by canceling.
 *
 * <p>Read by one thread, or by one subscriber; {@link #close()} may come from any thread. A subscriber is called on threads of the
 * common pool and on those that ask for more, one signal after another, and gets no more than it asked for.
 *
 * <p>Order, shape and completeness of everything that comes is verified. The layers end normally only after a complete
 * answer; everything else is a {@link LensException}, in a loop with the reader's stack. A reader that stops reading stops the
 * server; one that stops for too long gets {@link ErrorCode#READER_TOO_SLOW}.
 */
public final class LensStream implements Iterable<LayerResult>, Flow.Publisher<LayerResult>, AutoCloseable {

    private static final String READ =
            "this stream has been read; start another one, or keep its result(), which can be read again";

    private final LensRequest request;
    private final ResultAssembler assembler;
    private final PulledAnswer<AnalyzeResponse, LensResult> answer;
    private final AtomicBoolean taken = new AtomicBoolean();
    private boolean forgetting;

    LensStream(Channel channel, CallOptions options, LensRequest request) {
        this.request = request;
        assembler = new ResultAssembler(request);
        answer = new PulledAnswer<>(
                ResponseQueue.start(channel, LensServiceGrpc.getAnalyzeMethod(), options, RequestWriter.write(request)),
                response -> response.getEventsList().forEach(assembler::add),
                assembler::finish);
    }

    /**
     * Sets who is told of the work's state: waiting, loading, computing, each with an estimate of the time left. Called on the
     * thread that reads the stream, while it reads. Replaces an earlier listener.
     */
    public LensStream onProgress(Consumer<Progress> listener) {
        assembler.onProgress(listener);
        return this;
    }

    /**
     * Lets go of each layer once it has been given, so that memory does not grow with the layers; there is no {@link #result()} then.
     *
     * @throws IllegalStateException if the request asks for trajectories, which need all layers, or if reading has begun
     */
    public LensStream forgetLayers() {
        if (request.trajectories().wanted()) {
            throw new IllegalStateException(
                    "trajectories need all layers; ask with trajectories(Trajectories.none()) to let layers go");
        }
        if (taken.get()) {
            throw new IllegalStateException(READ);
        }
        forgetting = true;
        assembler.forgetLayers();
        return this;
    }

    /**
     * What is known before the first layer; waits for it. For a loop: a subscriber finds it in each layer.
     *
     * @throws LensException if the call fails before that; {@code CANCELLED} if the stream was closed before
     */
    public ResultInfo info() {
        return answer.readUntil(assembler::info);
    }

    /**
     * All that the server says of the model, which no further call is needed for; waits for it. For a loop.
     *
     * @throws LensException as {@link #info}
     */
    public ModelFacts model() {
        return answer.readUntil(assembler::model);
    }

    /**
     * The layers of each lens, ascending, each as soon as it is complete; of several lenses in any order. A layer comes with what
     * is known before the first one, such as what the model itself predicts: one that a server sends before these is given when
     * they are there, so that a layer says as much whenever it is read. After {@link #close()} there is no next one.
     *
     * @throws IllegalStateException if the stream has been iterated, subscribed to or read to its end before
     */
    @Override
    public Iterator<LayerResult> iterator() {
        if (taken.getAndSet(true)) {
            throw new IllegalStateException(READ);
        }
        return answer.items(assembler::nextLayer, "layer");
    }

    /**
     * Publishes what {@link #iterator} gives. On completion {@link #result} and {@link #summary} have what they give and do not
     * wait. The second subscriber, and one that comes after a reader, gets an {@link IllegalStateException}.
     */
    @Override
    public void subscribe(Flow.Subscriber<? super LayerResult> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        if (taken.getAndSet(true)) {
            PulledSubscription.refuse(subscriber, new IllegalStateException(READ));
            return;
        }
        Subscription layers = new Subscription();
        layers.start(subscriber);
        answer.onArrival(layers::signal);
        layers.signal();
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
     * What is known at the end, such as how the server checked itself; reads what is left of the stream. May be called again.
     *
     * @throws LensException as {@link #result()}
     */
    public ResultSummary summary() {
        return readToTheEnd().summary();
    }

    /** Cancels the call if it has not ended. Harmless when repeated. */
    @Override
    public void close() {
        answer.close();
    }

    private LensResult readToTheEnd() {
        taken.set(true);
        LensResult complete = answer.result();
        while (complete == null) {
            answer.read();
            complete = answer.result();
            while (assembler.nextLayer() != null) {} // it is in the result, or let go
        }
        return complete;
    }

    private final class Subscription extends PulledSubscription<LayerResult> {
        @Override
        protected @Nullable LayerResult poll() {
            LayerResult layer = assembler.nextLayer();
            while (layer == null && answer.result() == null && answer.poll()) {
                layer = assembler.nextLayer();
            }
            return layer;
        }

        @Override
        protected boolean hasEnded() {
            return answer.result() != null;
        }

        @Override
        protected void stop() {
            close();
        }
    }
}
