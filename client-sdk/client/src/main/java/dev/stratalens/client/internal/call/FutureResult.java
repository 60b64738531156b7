package dev.stratalens.client.internal.call;

import dev.stratalens.client.internal.assembly.ResultAssembler;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.ResultColumns;
import dev.stratalens.v1.AnalyzeResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A call whose events are put together as they come, without a waiting thread. */
public final class FutureResult<T> extends EventCall {

    private final CompletableFuture<T> future = new CompletableFuture<>();
    private final ResultAssembler assembler;
    private final Function<ResultColumns, T> toResult;

    private FutureResult(
            Channel channel, CallOptions options, LensRequest request, Function<ResultColumns, T> toResult) {
        super(channel, options);
        this.assembler = new ResultAssembler(request);
        this.toResult = toResult;
    }

    /** Starts a call. However the future is completed from outside, the call is cancelled. */
    public static <T> CompletableFuture<T> start(
            Channel channel, CallOptions options, LensRequest request, Function<ResultColumns, T> toResult) {
        FutureResult<T> call = new FutureResult<>(channel, options, request, toResult);
        call.start(request);
        var unused = call.future.whenComplete((result, error) -> call.cancel("the future is complete"));
        return call.future;
    }

    @Override
    public void onMessage(AnalyzeResponse response) {
        try {
            response.getEventsList().forEach(assembler::add);
            requestOneMore();
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
            future.complete(toResult.apply(assembler.finish()));
        } catch (RuntimeException e) {
            future.completeExceptionally(e);
        }
    }
}
