package dev.stratalens.client.internal.call;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.internal.assembly.BrokenStream;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call whose responses are dealt with as they come, without a waiting thread.
 *
 * @param <R> a response
 * @param <T> what they come to
 */
public final class FutureAnswer<R, T> extends ClientCall.Listener<R> {

    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final ClientCall<?, R> call;
    private final Consumer<R> each;
    private final Supplier<T> atEnd;

    private FutureAnswer(ClientCall<?, R> call, Consumer<R> each, Supplier<T> atEnd) {
        this.call = call;
        this.each = each;
        this.atEnd = atEnd;
    }

    /**
     * Starts a call with one request. However the future is completed from outside, the call is canceled.
     *
     * @param each called with each response, one after another on threads of gRPC; what it throws fails the future
     * @param atEnd called after a good end, gives the answer or throws likewise
     */
    public static <Q, R, T> CompletableFuture<T> start(
            Channel channel,
            MethodDescriptor<Q, R> method,
            CallOptions options,
            Q request,
            Consumer<R> each,
            Supplier<T> atEnd) {
        ClientCall<Q, R> call = channel.newCall(method, options);
        FutureAnswer<R, T> answer = new FutureAnswer<>(call, each, atEnd);
        call.start(answer, new Metadata());
        call.request(ResponseQueue.AHEAD);
        call.sendMessage(request);
        call.halfClose();
        var unused = answer.future.whenComplete((result, error) -> call.cancel("the future is complete", null));
        return answer.future;
    }

    /** Starts a call that has one response. */
    public static <Q, R, T> CompletableFuture<T> ofOne(
            Channel channel, MethodDescriptor<Q, R> method, CallOptions options, Q request, Function<R, T> toAnswer) {
        One<R> one = new One<>();
        return start(channel, method, options, request, one::set, () -> toAnswer.apply(one.get()));
    }

    /** Waits for an answer; a failure gets the stack of the caller, and an interrupt cancels the call and is kept. */
    public static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer.cancel(false);
            throw CallFailure.interrupted(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LensException failure) {
                throw CallFailure.again(failure);
            }
            throw new LensException(ErrorCode.INTERNAL, "The answer could not be read: " + e.getCause(), null, e);
        }
    }

    @Override
    public void onMessage(R response) {
        try {
            each.accept(response);
            call.request(1);
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        try {
            if (!status.isOk()) {
                throw StatusReader.read(status, trailers);
            }
            future.complete(atEnd.get());
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    private static final class One<R> {
        private @Nullable R response;

        void set(R came) {
            response = came;
        }

        R get() {
            if (response == null) {
                throw BrokenStream.error("the call ended without a response");
            }
            return response;
        }
    }
}
