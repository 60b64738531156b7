package dev.stratalens.client.internal;

import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A call whose events are put together as they come, without a waiting thread. */
public final class FutureResult<T> extends ClientCall.Listener<AnalyzeResponse> {

    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final ResultAssembler assembler;
    private final Function<ResultColumns, T> toResult;
    private final ClientCall<AnalyzeRequest, AnalyzeResponse> call;

    private FutureResult(
            Channel channel, CallOptions options, LensRequest request, Function<ResultColumns, T> toResult) {
        this.assembler = new ResultAssembler(request);
        this.toResult = toResult;
        this.call = channel.newCall(LensServiceGrpc.getAnalyzeMethod(), options);
    }

    /** Starts a call. However the future is completed from outside, the call is cancelled. */
    public static <T> CompletableFuture<T> start(
            Channel channel, CallOptions options, LensRequest request, Function<ResultColumns, T> toResult) {
        FutureResult<T> listener = new FutureResult<>(channel, options, request, toResult);
        AnalyzeCall.start(listener.call, listener, RequestWriter.write(request));
        var unused =
                listener.future.whenComplete((result, error) -> listener.call.cancel("the future is complete", null));
        return listener.future;
    }

    @Override
    public void onMessage(AnalyzeResponse response) {
        try {
            response.getEventsList().forEach(assembler::add);
            call.request(1);
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (!status.isOk()) {
            future.completeExceptionally(StatusReader.read(status, trailers));
            return;
        }
        try {
            future.complete(toResult.apply(assembler.finish()));
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }
}
