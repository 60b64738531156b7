package dev.stratalens.server.grpc;

import dev.stratalens.server.grpc.stream.MessageSink;
import dev.stratalens.server.grpc.stream.StreamWriter;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.GenerateResponse;

/** The events of an answer as responses of Generate. */
record GenerateSink(StreamWriter<GenerateResponse> writer) implements MessageSink<AnalyzeResponse> {

    private static GenerateResponse same(AnalyzeResponse message) {
        return GenerateResponse.newBuilder()
                .addAllEvents(message.getEventsList())
                .build();
    }

    @Override
    public void write(AnalyzeResponse message) {
        writer.write(same(message));
    }

    @Override
    public void hold(AnalyzeResponse message) {
        writer.hold(same(message));
    }

    @Override
    public void offer(AnalyzeResponse message) {
        writer.offer(same(message));
    }

    @Override
    public void remark(AnalyzeResponse message) {
        writer.remark(same(message));
    }

    @Override
    public void complete() {
        writer.complete();
    }

    @Override
    public void fail(Throwable failure) {
        writer.fail(failure);
    }
}
