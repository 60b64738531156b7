package dev.stratalens.client.fake;

import dev.stratalens.client.LensClient;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server in this process that answers every analysis with the same events, each as soon as the client is ready for it,
 * and then ends well, fails, or waits for ever.
 */
public final class FakeLensServer extends LensServiceGrpc.LensServiceImplBase implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final String name = UUID.randomUUID().toString();
    private final List<AnalyzeResponse> events;
    private final Ending ending;
    private final @Nullable StatusRuntimeException error;
    private final Server server;
    private final BlockingQueue<AnalyzeRequest> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> deadlines = new LinkedBlockingQueue<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final CountDownLatch cancelled = new CountDownLatch(1);

    /** What comes after the events. */
    private enum Ending {
        WELL,
        FAILING,
        NEVER
    }

    private FakeLensServer(List<AnalyzeResponse> events, Ending ending, @Nullable StatusRuntimeException error) {
        this(null, events, ending, error);
    }

    private FakeLensServer(
            @Nullable ServerBuilder<?> transport,
            List<AnalyzeResponse> events,
            Ending ending,
            @Nullable StatusRuntimeException error,
            BindableService... others) {
        this.events = List.copyOf(events);
        this.ending = ending;
        this.error = error;
        ServerBuilder<?> builder = transport == null ? InProcessServerBuilder.forName(name) : transport;
        builder.addService(this).intercept(new HeaderKeeper());
        for (BindableService other : others) {
            builder.addService(other);
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays the events and ends with OK. */
    public static FakeLensServer playing(List<AnalyzeResponse> events, BindableService... others) {
        return new FakeLensServer(null, events, Ending.WELL, null, others);
    }

    /** The same over a transport of one's own. */
    public static FakeLensServer playingOn(
            ServerBuilder<?> transport, List<AnalyzeResponse> events, BindableService... others) {
        return new FakeLensServer(transport, events, Ending.WELL, null, others);
    }

    /** Plays the events and fails. */
    public static FakeLensServer failingAfter(List<AnalyzeResponse> events, StatusRuntimeException error) {
        return new FakeLensServer(events, Ending.FAILING, error);
    }

    /** Plays the events and then neither speaks nor ends. */
    public static FakeLensServer hangingAfter(List<AnalyzeResponse> events) {
        return new FakeLensServer(events, Ending.NEVER, null);
    }

    /** A new client of this server. */
    public LensClient client() {
        return LensClient.inProcess(name);
    }

    /** Where it listens, if its transport has ports. */
    public int port() {
        return server.getPort();
    }

    /** The next request that came, waiting for it. */
    public AnalyzeRequest nextRequest() throws InterruptedException {
        return received(requests);
    }

    /** The headers of the next call, waiting for it. */
    public Metadata nextHeaders() throws InterruptedException {
        return received(headers);
    }

    /** Whether the next call has a deadline, waiting for it. */
    public boolean nextHasDeadline() throws InterruptedException {
        return received(deadlines);
    }

    /** Events sent so far, over all calls. */
    public int sentCount() {
        return sent.get();
    }

    /** Waits until a call is cancelled; false if none is within the patience of tests. */
    public boolean isCancelledSoon() throws InterruptedException {
        return cancelled.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static <T> T received(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no call came");
        }
        return next;
    }

    @Override
    public void analyze(AnalyzeRequest request, StreamObserver<AnalyzeResponse> observer) {
        requests.add(request);
        deadlines.add(Context.current().getDeadline() != null);
        ServerCallStreamObserver<AnalyzeResponse> call = (ServerCallStreamObserver<AnalyzeResponse>) observer;
        call.setOnCancelHandler(cancelled::countDown);
        Script script = new Script(call);
        call.setOnReadyHandler(script::play);
        script.play();
    }

    /** Where one call stands. gRPC calls a call's handlers one at a time. */
    private final class Script {
        private final ServerCallStreamObserver<AnalyzeResponse> call;
        private int next;
        private boolean ended;

        Script(ServerCallStreamObserver<AnalyzeResponse> call) {
            this.call = call;
        }

        void play() {
            while (next < events.size() && call.isReady()) {
                sent.incrementAndGet();
                call.onNext(events.get(next++));
            }
            if (next == events.size() && !ended) {
                ended = true;
                if (ending == Ending.WELL) {
                    call.onCompleted();
                } else if (error != null) {
                    call.onError(error);
                }
            }
        }
    }

    private final class HeaderKeeper implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata metadata, ServerCallHandler<Q, R> next) {
            headers.add(metadata);
            return next.startCall(call, metadata);
        }
    }

    /** An error with nothing but a code and words. */
    public static StatusRuntimeException error(Status.Code code, String words) {
        return code.toStatus().withDescription(words).asRuntimeException();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
