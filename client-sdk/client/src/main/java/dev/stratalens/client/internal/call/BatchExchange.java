package dev.stratalens.client.internal.call;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.BrokenStream;
import dev.stratalens.client.internal.assembly.ResultAssembler;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.v1.AnalyzeBatchRequest;
import dev.stratalens.v1.AnalyzeBatchResponse;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.BatchPrompt;
import dev.stratalens.v1.CancelPrompt;
import dev.stratalens.v1.Event;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The calls of {@code AnalyzeBatch} that carry one batch: one, and another where a request asks for less than those before it
 * (see {@link SharedFields}). Results are put together on the threads of gRPC as they come, so that a slow user is no
 * slow reader of the server's; they are bounded by what was sent and not taken. One thread sends and takes;
 * {@link #cancel} may come from any.
 */
public final class BatchExchange {

    private final Channel channel;
    private final CallOptions options;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final List<OneCall> open = new ArrayList<>(); // guarded by this
    private @Nullable OneCall sending; // guarded by this
    private boolean
            cancelled; // guarded by this: a call must not be sent to after its cancellation, which any thread may ask

    private boolean halfClosed; // guarded by this
    private volatile int window;

    /** What comes from the server. */
    public sealed interface Arrival {}

    /** One request has its result, or its failure. */
    public record Answer(
            long index,
            @Nullable ResultColumns columns,
            @Nullable LensException failure) implements Arrival {}

    /** The exchange is over: well, or with a failure. */
    public record End(@Nullable LensException failure) implements Arrival {}

    /** An exchange that has not begun: the first request begins it. */
    public BatchExchange(Channel channel, CallOptions options) {
        this.channel = channel;
        this.options = options;
    }

    /** Sends a request; gRPC holds it back until the server takes it. Does nothing after a cancellation. */
    public synchronized void send(long index, LensRequest request) {
        if (!cancelled) {
            AnalyzeRequest wire = RequestWriter.write(request);
            callFor(wire).send(index, request, wire);
        }
    }

    private OneCall callFor(AnalyzeRequest request) {
        OneCall current = sending;
        if (current != null && current.shared.fit(request)) {
            return current;
        }
        if (current != null) {
            current.call.halfClose();
        }
        sending = new OneCall(current == null ? SharedFields.of(request) : current.shared.within(request));
        open.add(sending);
        sending.begin();
        return sending;
    }

    /** Asks the server to stop the work on a request; its answer still comes. Does nothing where there is none such. */
    public synchronized void cancel(long index) {
        if (!cancelled && !halfClosed && sending != null) {
            sending.cancel(index);
        }
    }

    /** Prompts that the server has in flight at a time; 0 until it said so. */
    public int window() {
        return window;
    }

    /** Nothing more will be sent. */
    public synchronized void halfClose() {
        if (cancelled) {
            return;
        }
        halfClosed = true;
        if (sending == null) {
            arrivals.add(new End(null));
        } else {
            sending.call.halfClose();
        }
    }

    /** Ends the exchange early. Harmless where it has ended. */
    public synchronized void cancel(String reason) {
        cancelled = true;
        open.forEach(each -> each.call.cancel(reason, null));
    }

    /** Waits for what comes next; an interrupt cancels the exchange and is kept. */
    public Arrival take() {
        try {
            return arrivals.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel("the reading thread was interrupted");
            return new End(new LensException(
                    ErrorCode.CANCELLED, "The reading thread was interrupted, so the batch was cancelled.", null, e));
        }
    }

    private synchronized boolean close(OneCall call) {
        open.remove(call);
        return open.isEmpty();
    }

    /** A call, and the requests that it carries. */
    private final class OneCall extends ClientCall.Listener<AnalyzeBatchResponse> {
        private final SharedFields shared;
        private final ClientCall<AnalyzeBatchRequest, AnalyzeBatchResponse> call =
                channel.newCall(LensServiceGrpc.getAnalyzeBatchMethod(), options);
        private final Map<Long, ResultAssembler> unanswered = new ConcurrentHashMap<>();
        private boolean started;
        private boolean refused;

        OneCall(SharedFields shared) {
            this.shared = shared;
        }

        void begin() {
            call.start(this, new Metadata());
            call.request(1);
            call.sendMessage(AnalyzeBatchRequest.newBuilder()
                    .setDefaults(shared.fields())
                    .build());
        }

        void send(long index, LensRequest request, AnalyzeRequest wire) {
            unanswered.put(index, new ResultAssembler(request));
            call.sendMessage(AnalyzeBatchRequest.newBuilder()
                    .setPrompt(BatchPrompt.newBuilder().setTag(index).setRequest(shared.difference(wire)))
                    .build());
        }

        void cancel(long index) {
            if (unanswered.containsKey(index)) {
                call.sendMessage(AnalyzeBatchRequest.newBuilder()
                        .setCancel(CancelPrompt.newBuilder().setTag(index))
                        .build());
            }
        }

        @Override
        public void onMessage(AnalyzeBatchResponse response) {
            if (refused) {
                return;
            }
            try {
                receive(response);
                call.request(1);
            } catch (LensException e) {
                refused = true;
                arrivals.add(new End(e));
                BatchExchange.this.cancel("the answer was refused");
            }
        }

        /** After a refusal this comes second and is not looked at. */
        @Override
        public void onClose(Status status, Metadata trailers) {
            boolean last = close(this);
            if (!status.isOk()) {
                arrivals.add(new End(StatusReader.read(status, trailers)));
                BatchExchange.this.cancel("a call of the batch has failed");
            } else if (last) {
                arrivals.add(new End(null));
            }
        }

        private void receive(AnalyzeBatchResponse response) {
            switch (response.getKindCase()) {
                case STARTED -> started(response.getStarted().getWindow());
                case EVENTS -> {
                    long index = response.getEvents().getTag();
                    ResultAssembler assembler = assembler(index);
                    for (Event event : response.getEvents().getEventsList()) {
                        assembler.add(event);
                        if (event.hasSummary()) {
                            answer(new Answer(index, assembler.finish(), null));
                        }
                    }
                }
                case ERROR -> {
                    long index = response.getError().getTag();
                    assembler(index);
                    com.google.rpc.Status status = response.getError().getStatus();
                    require(status.getCode() != 0, "an error of tag %d has the code OK", index);
                    StatusRuntimeException error = StatusProto.toStatusRuntimeException(status);
                    answer(new Answer(index, null, StatusReader.read(error.getStatus(), error.getTrailers())));
                }
                case KIND_NOT_SET -> {}
            }
        }

        private void started(int announced) {
            require(!started, "the server said twice that the batch has started");
            require(announced >= 1, "the server's window is %d", announced);
            started = true;
            window = announced;
        }

        private ResultAssembler assembler(long index) {
            require(started, "an event came before the server said that the batch has started");
            ResultAssembler assembler = unanswered.get(index);
            if (assembler == null) {
                throw BrokenStream.error("an event came for tag " + Long.toUnsignedString(index)
                        + ", which is not of this call or was answered before");
            }
            return assembler;
        }

        private void answer(Answer answer) {
            unanswered.remove(answer.index());
            arrivals.add(answer);
        }
    }
}
