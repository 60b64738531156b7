package dev.stratalens.bench.server;

import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.Iterator;
import java.util.function.Supplier;

/** A client of generated stubs alone: it takes the messages of an answer and drops them. */
public final class BareStubs implements AutoCloseable {

    private final ManagedChannel channel;
    private final LensServiceGrpc.LensServiceBlockingStub stub;

    /** @param address {@code HOST:PORT} of a server without TLS */
    public BareStubs(String address) {
        channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create())
                .build();
        stub = LensServiceGrpc.newBlockingStub(channel);
    }

    /** What asks for a prompt as the Java client does, and counts the messages of the answer. */
    public Supplier<Integer> caller(BenchPrompt prompt) {
        AnalyzeRequest message = RequestWriter.write(MeasuredServer.request(prompt));
        return () -> {
            int count = 0;
            for (Iterator<AnalyzeResponse> answer = stub.analyze(message); answer.hasNext(); answer.next()) {
                count++;
            }
            return count;
        };
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
