package dev.stratalens.server.grpc;

import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.grpc.stream.ProgressThrottle;
import dev.stratalens.server.grpc.stream.StreamWriter;
import dev.stratalens.server.watch.RequestRecord;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.BatchEvents;
import dev.stratalens.v1.Phase;
import java.util.function.Consumer;

/** The events of one prompt, tagged, in the stream of its batch. */
final class TaggedSink implements MessageSink<AnalyzeResponse> {

    private final long tag;
    private final StreamWriter<AnalyzeBatchResponse> writer;
    private final ProgressThrottle<Phase> throttle;
    private final RequestRecord request;
    private final Runnable whenComplete;
    private final Consumer<Throwable> whenFailed;

    /**
     * @param throttle of all the prompts of the stream
     * @param request learns what is sent, which the stream may yet drop where it may be lost
     */
    TaggedSink(
            long tag,
            StreamWriter<AnalyzeBatchResponse> writer,
            ProgressThrottle<Phase> throttle,
            RequestRecord request,
            Runnable whenComplete,
            Consumer<Throwable> whenFailed) {
        this.tag = tag;
        this.writer = writer;
        this.throttle = throttle;
        this.request = request;
        this.whenComplete = whenComplete;
        this.whenFailed = whenFailed;
    }

    @Override
    public void write(AnalyzeResponse message) {
        writer.write(tagged(message));
    }

    @Override
    public void hold(AnalyzeResponse message) {
        writer.hold(tagged(message));
    }

    /** The first and the last of each of many prompts are none for the stream: they would outweigh short results. */
    @Override
    public void offer(AnalyzeResponse message) {
        if (throttle.passesBetween()) {
            writer.offer(tagged(message));
        }
    }

    @Override
    public void remark(AnalyzeResponse message) {
        offer(message);
    }

    private AnalyzeBatchResponse tagged(AnalyzeResponse message) {
        AnalyzeBatchResponse tagged = AnalyzeBatchResponse.newBuilder()
                .setEvents(BatchEvents.newBuilder().setTag(tag).addAllEvents(message.getEventsList()))
                .build();
        request.sent(tagged.getSerializedSize());
        return tagged;
    }

    @Override
    public void complete() {
        whenComplete.run();
    }

    @Override
    public void fail(Throwable failure) {
        whenFailed.accept(failure);
    }
}
