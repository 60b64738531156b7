package dev.stratalens.server.grpc;

import dev.stratalens.server.grpc.message.ModelMessages;
import dev.stratalens.server.models.ModelState;
import dev.stratalens.server.models.ServedModel;
import dev.stratalens.v1.LoadModelResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.function.Supplier;

/** Tells one caller how a model is loaded. */
final class LoadCall {

    private final ServerCallStreamObserver<LoadModelResponse> call;
    private final Supplier<LoadModelResponse> whenReady;
    private final FailureStatus failures;
    private final String model;
    private final ProgressThrottle<ModelState.Loading.Step> throttle = new ProgressThrottle<>(System::nanoTime);
    private boolean over;

    private LoadCall(
            ServerCallStreamObserver<LoadModelResponse> call,
            String model,
            Supplier<LoadModelResponse> whenReady,
            FailureStatus failures) {
        this.call = call;
        this.model = model;
        this.whenReady = whenReady;
        this.failures = failures;
    }

    /** Has the model loaded and follows that until it is ready, has failed, or the caller is gone. */
    static void begin(
            ServedModel model,
            ServerCallStreamObserver<LoadModelResponse> observer,
            Supplier<LoadModelResponse> whenReady,
            FailureStatus failures) {
        LoadCall call = new LoadCall(observer, model.name(), whenReady, failures);
        model.requestNow();
        Runnable end = model.observe(call::becomes);
        observer.setOnCloseHandler(end);
        observer.setOnCancelHandler(end);
    }

    /** One at a time, in order. */
    private void becomes(ModelState state) {
        if (over || call.isCancelled()) {
            return;
        }
        if (state instanceof ModelState.Ready) {
            over = true;
            call.onNext(whenReady.get());
            call.onCompleted();
        } else if (state instanceof ModelState.Failed failed) {
            over = true;
            call.onError(failures.exceptionOf(failed.failure(), model));
        } else if (state instanceof ModelState.Loading loading
                && throttle.passes(loading.step(), loading.done(), loading.total())) {
            call.onNext(LoadModelResponse.newBuilder()
                    .setProgress(ModelMessages.progress(loading))
                    .build());
        }
    }
}
