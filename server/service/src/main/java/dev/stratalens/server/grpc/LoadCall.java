package dev.stratalens.server.grpc;

import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.grpc.stream.ProgressThrottle;
import dev.stratalens.server.grpc.stream.StreamWriter;
import dev.stratalens.server.grpc.stream.Streams;
import dev.stratalens.server.models.NamedModel;
import dev.stratalens.server.models.ServingState;
import dev.stratalens.v1.LoadModelResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Tells one caller how a model is loaded. A caller who reads slowly hears how far it is then, not all that was before. */
final class LoadCall {

    private final StreamWriter<LoadModelResponse> writer;
    private final Supplier<LoadModelResponse> whenReady;
    private final ProgressThrottle<ServingState.Loading.Step> throttle;

    private LoadCall(
            StreamWriter<LoadModelResponse> writer, Supplier<LoadModelResponse> whenReady, LongSupplier nanoTime) {
        this.writer = writer;
        this.throttle = new ProgressThrottle<>(nanoTime);
        this.whenReady = whenReady;
    }

    /** Has the model loaded and follows that until it is ready, has failed, or the caller is gone. */
    static void begin(
            NamedModel model,
            ServerCallStreamObserver<LoadModelResponse> observer,
            Supplier<LoadModelResponse> whenReady,
            Streams streams) {
        StreamWriter<LoadModelResponse> writer = streams.writer(observer, model.name());
        LoadCall call = new LoadCall(writer, whenReady, streams.nanoTime());
        model.requestNow();
        Runnable end = model.observe(call::becomes);
        observer.setOnCloseHandler(end);
        observer.setOnCancelHandler(() -> {
            end.run();
            writer.cancel();
        });
    }

    /** One at a time, in order. */
    // Throwable: the caller must hear of whatever goes wrong with the answer.
    private void becomes(ServingState state) {
        try {
            tell(state);
        } catch (Throwable failure) {
            writer.fail(failure);
        }
    }

    private void tell(ServingState state) {
        if (state instanceof ServingState.Ready) {
            writer.add(whenReady.get());
            writer.complete();
        } else if (state instanceof ServingState.Failed failed) {
            writer.failAtLast(failed.failure());
        } else if (state instanceof ServingState.Loading loading
                && throttle.passes(loading.step(), loading.done(), loading.total())) {
            writer.offer(LoadModelResponse.newBuilder()
                    .setProgress(ModelMessages.progress(loading))
                    .build());
        }
    }
}
