package dev.stratalens.server.grpc;

import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.BatchEvents;

/** The events of one prompt, tagged, in the stream of its batch. */
final class TaggedSink implements MessageSink<AnalyzeResponse> {

    private final long tag;
    private final StreamWriter<AnalyzeBatchResponse> writer;
    private final Ending ending;

    /** Hears once that the prompt has ended. */
    interface Ending {

        void completed();

        void failed(Throwable failure);
    }

    TaggedSink(long tag, StreamWriter<AnalyzeBatchResponse> writer, Ending ending) {
        this.tag = tag;
        this.writer = writer;
        this.ending = ending;
    }

    @Override
    public void write(AnalyzeResponse message) {
        writer.write(AnalyzeBatchResponse.newBuilder()
                .setEvents(BatchEvents.newBuilder().setTag(tag).addAllEvents(message.getEventsList()))
                .build());
    }

    /** What may be lost is: nobody follows the progress of each of many prompts, and it would outweigh short results. */
    @Override
    public void offer(AnalyzeResponse message) {}

    @Override
    public void complete() {
        ending.completed();
    }

    @Override
    public void fail(Throwable failure) {
        ending.failed(failure);
    }
}
