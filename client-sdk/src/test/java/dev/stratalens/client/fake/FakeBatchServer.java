package dev.stratalens.client.fake;

import com.google.rpc.Code;
import dev.stratalens.client.LensClient;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A server in this process that answers every prompt of a batch with the same events. It collects a group of prompts and
 * answers them last first, refuses some, and may break off before it answers a certain one.
 */
public final class FakeBatchServer extends LensServiceGrpc.LensServiceImplBase implements AutoCloseable {

    /** Breaks off nowhere. */
    public static final long NEVER = Long.MAX_VALUE;

    private final String name = UUID.randomUUID().toString();
    private final List<AnalyzeResponse> events;
    private final int group;
    private final Set<Long> refused;
    private final long breakingAt;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final Server server;

    public FakeBatchServer(List<AnalyzeResponse> events, int group, Set<Long> refused, long breakingAt) {
        this.events = List.copyOf(events);
        this.group = group;
        this.refused = Set.copyOf(refused);
        this.breakingAt = breakingAt;
        try {
            server = InProcessServerBuilder.forName(name)
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public LensClient client() {
        return LensClient.inProcess(name);
    }

    /** Waits until a call is cancelled; false if none is within the patience of tests. */
    public boolean isCancelledSoon() throws InterruptedException {
        return cancelled.await(10, TimeUnit.SECONDS);
    }

    @Override
    public StreamObserver<AnalyzeBatchRequest> analyzeBatch(StreamObserver<AnalyzeBatchResponse> observer) {
        ((ServerCallStreamObserver<AnalyzeBatchResponse>) observer).setOnCancelHandler(cancelled::countDown);
        return new Answering(observer);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Answering implements StreamObserver<AnalyzeBatchRequest> {
        private final StreamObserver<AnalyzeBatchResponse> observer;
        private final Deque<Long> waiting = new ArrayDeque<>();
        private boolean broken;

        Answering(StreamObserver<AnalyzeBatchResponse> observer) {
            this.observer = observer;
        }

        @Override
        public void onNext(AnalyzeBatchRequest request) {
            waiting.push(request.getTag());
            if (waiting.size() == group) {
                answerAll();
            }
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {
            answerAll();
            if (!broken) {
                observer.onCompleted();
            }
        }

        private void answerAll() {
            while (!broken && !waiting.isEmpty()) {
                long tag = waiting.pop();
                if (tag == breakingAt) {
                    broken = true;
                    observer.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
                } else if (refused.contains(tag)) {
                    observer.onNext(AnalyzeBatchResponse.newBuilder()
                            .setTag(tag)
                            .setError(com.google.rpc.Status.newBuilder()
                                    .setCode(Code.INVALID_ARGUMENT_VALUE)
                                    .setMessage("refused " + tag))
                            .build());
                } else {
                    events.forEach(event -> observer.onNext(AnalyzeBatchResponse.newBuilder()
                            .setTag(tag)
                            .setEvent(event)
                            .build()));
                }
            }
        }
    }
}
