package dev.stratalens.server.grpc.stream;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A call whose reader takes as many messages as the test says. */
final class FakeServerCall<M> extends ServerCallStreamObserver<M> {

    private final List<M> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private volatile boolean completed;
    private volatile @Nullable Throwable failure;
    private Runnable whenReady = () -> {};

    /** The reader takes so many more. */
    void take(int count) {
        wanted.addAndGet(count);
        whenReady.run();
    }

    List<M> taken() {
        return List.copyOf(taken);
    }

    boolean isCompleted() {
        return completed;
    }

    Throwable failure() {
        return Objects.requireNonNull(failure);
    }

    boolean isOpen() {
        return !completed && failure == null;
    }

    @Override
    public boolean isReady() {
        return wanted.get() > 0;
    }

    @Override
    public void onNext(M message) {
        wanted.decrementAndGet();
        taken.add(message);
    }

    @Override
    public void onError(Throwable reason) {
        failure = reason;
    }

    @Override
    public void onCompleted() {
        completed = true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
        whenReady = handler;
    }

    @Override
    public boolean isCancelled() {
        return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
}
