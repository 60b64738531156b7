package dev.stratalens.server.grpc;

import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.BatchPrompt;
import dev.stratalens.v1.CancelPrompt;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensServiceGrpc.LensServiceStub;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A client of one batch that sends and takes only when the test says so. */
final class BatchClient implements ClientResponseObserver<AnalyzeBatchRequest, AnalyzeBatchResponse> {

    private static final long PATIENCE_SECONDS = 20;

    private final List<AnalyzeBatchResponse> received = new CopyOnWriteArrayList<>();
    private final BlockingQueue<AnalyzeBatchResponse> unseen = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable StatusRuntimeException failure;
    private @Nullable ClientCallStreamObserver<AnalyzeBatchRequest> call;

    /** Begins a batch; nothing of its results is taken yet. */
    static BatchClient open(LensServiceStub stub) {
        BatchClient client = new BatchClient();
        stub.analyzeBatch(client);
        return client;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AnalyzeBatchRequest> starting) {
        call = starting;
        starting.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(AnalyzeBatchResponse response) {
        received.add(response);
        unseen.add(response);
    }

    @Override
    public void onError(Throwable thrown) {
        failure = (StatusRuntimeException) thrown;
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        ended.countDown();
    }

    /** Sends a prompt; gRPC keeps it back until the server takes it. */
    BatchClient send(long tag, AnalyzeRequest request) {
        return send(AnalyzeBatchRequest.newBuilder()
                .setPrompt(BatchPrompt.newBuilder().setTag(tag).setRequest(request))
                .build());
    }

    /** Sends what every prompt asks for. */
    BatchClient sendDefaults(AnalyzeRequest defaults) {
        return send(AnalyzeBatchRequest.newBuilder().setDefaults(defaults).build());
    }

    /** Calls a prompt off. */
    BatchClient cancelPrompt(long tag) {
        return send(AnalyzeBatchRequest.newBuilder()
                .setCancel(CancelPrompt.newBuilder().setTag(tag))
                .build());
    }

    BatchClient send(AnalyzeBatchRequest message) {
        started().onNext(message);
        return this;
    }

    /** Takes messages until a result is complete. */
    void awaitSummary() throws InterruptedException {
        while (next().getEvents().getEventsList().stream().noneMatch(Event::hasSummary)) {
            // Read on.
        }
    }

    /** Sends a prompt as tag 0, 1, … so many times. */
    BatchClient sendMany(int count, AnalyzeRequest request) {
        for (int tag = 0; tag < count; tag++) {
            send(tag, request);
        }
        return this;
    }

    BatchClient halfClose() {
        started().onCompleted();
        return this;
    }

    /** Takes everything from now on. gRPC in process adds up in an int what is asked for, so less than the largest one. */
    BatchClient readAll() {
        return read(1 << 20);
    }

    /** Takes so many more messages. */
    BatchClient read(int count) {
        started().request(count);
        return this;
    }

    void cancel() {
        started().cancel("by the test", null);
    }

    /** Waits for one more message; it must have been asked for. */
    AnalyzeBatchResponse next() throws InterruptedException {
        AnalyzeBatchResponse response = unseen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (response == null) {
            throw new AssertionError("No message came; failure: " + failure);
        }
        return response;
    }

    /** Waits for the end: OK or what went wrong. */
    Status awaitStatus() throws InterruptedException {
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The batch did not end; messages so far: " + received.size());
        }
        return failure == null ? Status.OK : failure.getStatus();
    }

    /** What went wrong, after the end. */
    StatusRuntimeException failure() {
        if (failure == null) {
            throw new AssertionError("The batch ended well.");
        }
        return failure;
    }

    /** Tags that have a part of a result. A prompt may also hear that it waits, and then fail. */
    Set<Long> tags() {
        return received.stream()
                .filter(response ->
                        response.getEvents().getEventsList().stream().anyMatch(event -> !event.hasProgress()))
                .map(response -> response.getEvents().getTag())
                .collect(Collectors.toSet());
    }

    /** Tags of prompts that failed. */
    Set<Long> failedTags() {
        return received.stream()
                .filter(AnalyzeBatchResponse::hasError)
                .map(response -> response.getError().getTag())
                .collect(Collectors.toSet());
    }

    /** The events of one prompt, in order. */
    List<Event> events(long tag) {
        return received.stream()
                .filter(response -> response.hasEvents() && response.getEvents().getTag() == tag)
                .flatMap(response -> response.getEvents().getEventsList().stream())
                .toList();
    }

    /** Why a prompt failed. */
    com.google.rpc.Status error(long tag) {
        return received.stream()
                .filter(response -> response.hasError() && response.getError().getTag() == tag)
                .findFirst()
                .orElseThrow()
                .getError()
                .getStatus();
    }

    /** Bytes of the messages of one prompt. */
    int bytes(long tag) {
        return received.stream()
                .filter(response ->
                        (response.hasEvents() && response.getEvents().getTag() == tag)
                                || (response.hasError() && response.getError().getTag() == tag))
                .mapToInt(AnalyzeBatchResponse::getSerializedSize)
                .sum();
    }

    /** Prompts whose result is complete. */
    long completeCount() {
        return tags().stream()
                .map(this::events)
                .filter(events -> events.get(events.size() - 1).hasSummary())
                .count();
    }

    private ClientCallStreamObserver<AnalyzeBatchRequest> started() {
        if (call == null) {
            throw new IllegalStateException("Not started.");
        }
        return call;
    }
}
