package dev.stratalens.client.internal.call;

import dev.stratalens.client.internal.assembly.BrokenStream;
import dev.stratalens.client.internal.message.ProgressReader;
import dev.stratalens.client.model.Progress;
import dev.stratalens.v1.LoadModelRequest;
import dev.stratalens.v1.LoadModelResponse;
import dev.stratalens.v1.ModelServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Publishes how far the loading of a model is; each subscriber asks the server anew.
 *
 * @param channel to the server
 * @param options made for each call, since a deadline counts from its making
 * @param request which model
 */
public record LoadPublisher(Channel channel, Supplier<CallOptions> options, LoadModelRequest request)
        implements Flow.Publisher<Progress> {

    @Override
    public void subscribe(Flow.Subscriber<? super Progress> subscriber) {
        ResponseQueue<LoadModelResponse> responses =
                ResponseQueue.start(channel, ModelServiceGrpc.getLoadModelMethod(), options.get(), request);
        Loading loading = new Loading(responses);
        loading.start(subscriber);
        responses.onArrival(loading::signal);
        loading.signal();
    }

    private static final class Loading extends PulledSubscription<Progress> {
        private final ResponseQueue<LoadModelResponse> responses;
        private final ProgressReader progress = new ProgressReader();
        private boolean loaded;

        Loading(ResponseQueue<LoadModelResponse> responses) {
            this.responses = responses;
        }

        @Override
        protected @Nullable Progress poll() {
            LoadModelResponse response = responses.poll();
            while (response != null) {
                loaded |= response.hasModel();
                if (response.hasProgress()) {
                    return progress.read(response.getProgress());
                }
                response = responses.poll();
            }
            if (responses.hasEnded() && !loaded) {
                throw BrokenStream.error("the call ended without saying whether the model is loaded");
            }
            return null;
        }

        @Override
        protected boolean hasEnded() {
            return responses.hasEnded();
        }

        @Override
        protected void stop() {
            responses.cancel("the subscription was canceled");
        }
    }
}
