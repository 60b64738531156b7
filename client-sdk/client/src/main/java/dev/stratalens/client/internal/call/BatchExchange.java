package dev.stratalens.client.internal.call;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;
import static java.util.Objects.requireNonNull;

import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.BrokenStream;
import dev.stratalens.client.internal.assembly.ResultAssembler;
import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
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
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code AnalyzeBatch}. Results are put together on the threads of gRPC as they come, so that a slow user is no
 * slow reader of the server's; they are bounded by what was sent and not taken. One thread sends and takes;
 * {@link #cancel} may come from any.
 */
public final class BatchExchange {

    private final Map<Long, ResultAssembler> unanswered = new ConcurrentHashMap<>();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final ClientCall<AnalyzeBatchRequest, AnalyzeBatchResponse> call;
    private boolean
            canceled; // guarded by this: a call must not be sent to after its cancellation, which any thread may ask

    private boolean halfClosed; // guarded by this
    private @Nullable SharedFields shared; // guarded by this
    private volatile int window;
    /** The newest that was not taken; a reader that stays away shall not find a heap of them. */
    private final AtomicReference<@Nullable News> news = new AtomicReference<>();

    private volatile boolean tellsProgress;
    private volatile Runnable onArrival = () -> {};

    /** What comes from the server. */
    public sealed interface Arrival {}

    /** One request has its result, or its failure. */
    public record Answer(
            long index,
            @Nullable LensResult result,
            @Nullable LensException failure) implements Arrival {}

    /** The state of the work on a request. */
    public record News(long index, Progress state) implements Arrival {}

    /** The call is over: well, or with a failure. */
    public record End(@Nullable LensException failure) implements Arrival {}

    /** Starts the call. */
    public BatchExchange(Channel channel, CallOptions options) {
        call = channel.newCall(LensServiceGrpc.getAnalyzeBatchMethod(), options);
        call.start(new Listener(), new Metadata());
        call.request(1);
    }

    /** Sends a request; gRPC holds it back until the server takes it. Does nothing after a cancellation. */
    public synchronized void send(long index, LensRequest request) {
        if (canceled) {
            return;
        }
        ResultAssembler assembler = new ResultAssembler(request);
        if (tellsProgress) {
            assembler.onProgress(state -> tell(new News(index, state)));
        }
        unanswered.put(index, assembler);
        AnalyzeRequest wire = RequestWriter.write(request);
        if (shared == null || !shared.fit(wire)) {
            shared = shared == null ? SharedFields.of(wire) : shared.within(wire);
            call.sendMessage(AnalyzeBatchRequest.newBuilder()
                    .setDefaults(shared.fields())
                    .build());
        }
        call.sendMessage(AnalyzeBatchRequest.newBuilder()
                .setPrompt(BatchPrompt.newBuilder().setTag(index).setRequest(shared.difference(wire)))
                .build());
    }

    /** Asks the server to stop the work on a request; its answer still comes. Does nothing if there is no such request. */
    public synchronized void cancel(long index) {
        if (!canceled && !halfClosed && unanswered.containsKey(index)) {
            call.sendMessage(AnalyzeBatchRequest.newBuilder()
                    .setCancel(CancelPrompt.newBuilder().setTag(index))
                    .build());
        }
    }

    /** Whether the call was ended early. */
    public synchronized boolean isCancelled() {
        return canceled;
    }

    /** Prompts that the server has in flight at a time; 0 until it said so. */
    public int window() {
        return window;
    }

    /** Nothing more will be sent. */
    public synchronized void halfClose() {
        if (!canceled) {
            halfClosed = true;
            call.halfClose();
        }
    }

    /** Ends the call early. Harmless where it has ended. */
    public synchronized void cancel(String reason) {
        canceled = true;
        call.cancel(reason, null);
    }

    /** From now on gives {@link News}, too. */
    public void tellProgress() {
        tellsProgress = true;
    }

    /** Sets what is run, on a thread of gRPC, whenever {@link #poll} has something new. */
    public void onArrival(Runnable action) {
        onArrival = action;
    }

    /** Waits for what comes next; an interrupt cancels the call and is kept. */
    public Arrival take() {
        try {
            return newest(arrivals.take());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancel("the reading thread was interrupted");
            return new End(CallFailure.interrupted(e));
        }
    }

    /** What comes next, if it is there. */
    public @Nullable Arrival poll() {
        Arrival next = arrivals.poll();
        return next == null ? null : newest(next);
    }

    private void tell(News told) {
        if (news.getAndSet(told) == null) {
            arrive(told);
        }
    }

    private Arrival newest(Arrival next) {
        return next instanceof News ? requireNonNull(news.getAndSet(null)) : next;
    }

    private void receive(AnalyzeBatchResponse response) {
        switch (response.getKindCase()) {
            case STARTED -> started(response.getStarted().getWindow());
            case EVENTS -> {
                ResultAssembler assembler = assembler(response.getEvents().getTag());
                for (Event event : response.getEvents().getEventsList()) {
                    assembler.add(event);
                    if (event.hasSummary() && !event.getUnchanged()) {
                        answer(new Answer(response.getEvents().getTag(), assembler.finish(), null));
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
        require(window == 0, "the server said twice that the batch has started");
        require(announced >= 1, "the server's window is %d", announced);
        window = announced;
    }

    private ResultAssembler assembler(long index) {
        require(window > 0, "an event came before the server said that the batch has started");
        ResultAssembler assembler = unanswered.get(index);
        if (assembler == null) {
            throw BrokenStream.error("an event came for tag " + Long.toUnsignedString(index)
                    + ", which is not of this batch or was answered before");
        }
        return assembler;
    }

    private void answer(Answer answer) {
        unanswered.remove(answer.index());
        arrive(answer);
    }

    private void arrive(Arrival arrival) {
        arrivals.add(arrival);
        onArrival.run();
    }

    private final class Listener extends ClientCall.Listener<AnalyzeBatchResponse> {
        private boolean refused;

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
                cancel("the answer was refused");
                arrive(new End(e));
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            // After a refusal this comes second and is not looked at.
            arrive(new End(status.isOk() ? null : StatusReader.read(status, trailers)));
        }
    }
}
