package dev.stratalens.server.grpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensServiceGrpc.LensServiceStub;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client that takes a message only when the test says so. */
final class ReadingClient implements ClientResponseObserver<AnalyzeRequest, AnalyzeResponse> {

    private static final long PATIENCE_SECONDS = 20;

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Event> unseen = new LinkedBlockingQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Status status = Status.UNKNOWN;
    private @Nullable ClientCallStreamObserver<AnalyzeRequest> call;

    /** Begins a call that holds the engine and takes nothing of its results, only the header. */
    static ReadingClient runningAndNotRead(RunningServer server, AnalyzeRequest request) throws InterruptedException {
        Pause pause = server.engine().pauseRuns();
        ReadingClient client = call(server.lens(), request).read(1);
        assertTrue(client.next().hasHeader());
        pause.awaitReached();
        server.engine().pauseNoMore();
        pause.resume();
        return client;
    }

    /** Begins a call and takes nothing yet. */
    static ReadingClient call(LensServiceStub stub, AnalyzeRequest request) {
        ReadingClient client = new ReadingClient();
        stub.analyze(request, client);
        return client;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AnalyzeRequest> starting) {
        call = starting;
        starting.disableAutoRequestWithInitial(0);
    }

    @Override
    public void onNext(AnalyzeResponse message) {
        events.addAll(message.getEventsList());
        unseen.addAll(message.getEventsList());
    }

    @Override
    public void onError(Throwable failure) {
        status = Status.fromThrowable(failure);
        ended.countDown();
    }

    @Override
    public void onCompleted() {
        status = Status.OK;
        ended.countDown();
    }

    /** Takes everything from now on. gRPC in process adds up in an int what is asked for, so less than the largest one. */
    ReadingClient readAll() {
        return read(1 << 20);
    }

    /** Takes so many more messages. */
    ReadingClient read(int count) {
        started().request(count);
        return this;
    }

    /** Waits for one more event; its message must have been asked for. */
    Event next() throws InterruptedException {
        Event event = unseen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("No event came; status " + status);
        }
        return event;
    }

    void cancel() {
        started().cancel("by the test", null);
    }

    Status awaitStatus() throws InterruptedException {
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("The call did not end; events so far: " + events.size());
        }
        return status;
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    private ClientCallStreamObserver<AnalyzeRequest> started() {
        if (call == null) {
            throw new IllegalStateException("Not started.");
        }
        return call;
    }
}
