package dev.stratalens.server.grpc;

import com.google.protobuf.MessageLite;
import dev.stratalens.engine.lens.result.LensListener;
import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.grpc.stream.ProgressThrottle;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.v1.Phase;
import dev.stratalens.v1.Progress;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Tells the reader of an answer how far the work is. For one thread at a time.
 *
 * @param <M> the message of the stream
 */
final class AnswerProgress<M extends MessageLite> {

    private static final int UNKNOWN = -1;

    private final MessageSink<M> sink;
    private final Function<Progress, M> message;
    private final ProgressThrottle<Phase> throttle;
    /** Requests that came first when this one came; told one at a time. */
    private int aheadAtFirst = UNKNOWN;

    /**
     * Nothing told yet.
     *
     * @param nanoTime by which it is spaced
     */
    AnswerProgress(MessageSink<M> sink, Function<Progress, M> message, LongSupplier nanoTime) {
        this.sink = sink;
        this.message = message;
        this.throttle = new ProgressThrottle<>(nanoTime);
    }

    void loading(ServingState.Loading loading) {
        Progress progress = ModelMessages.progress(loading);
        if (throttle.passes(progress.getPhase(), progress.getDone(), progress.getTotal())) {
            sink.offer(message.apply(progress));
        }
    }

    void queued(int ahead) {
        if (aheadAtFirst == UNKNOWN) {
            aheadAtFirst = ahead;
        }
        M told = message.apply(ModelMessages.queued(ahead, aheadAtFirst));
        if (aheadAtFirst == 0) {
            // It runs at once, unless another model computes.
            sink.remark(told);
        } else {
            // Not throttled: each position is told once.
            sink.offer(told);
        }
    }

    void computing(LensListener.Phase phase, long done, long total) {
        Progress progress = ModelMessages.progress(phase, done, total);
        if (throttle.passes(progress.getPhase(), done, total)) {
            sink.remark(message.apply(progress));
        }
    }
}
