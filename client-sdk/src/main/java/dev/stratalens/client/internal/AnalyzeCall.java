package dev.stratalens.client.internal;

import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;

/** Starts calls of {@code LensService.Analyze}. */
final class AnalyzeCall {

    private AnalyzeCall() {}

    /** Starts a call that may deliver one event; the listener's owner asks for each further one. */
    static void start(
            ClientCall<AnalyzeRequest, AnalyzeResponse> call,
            ClientCall.Listener<AnalyzeResponse> listener,
            AnalyzeRequest request) {
        call.start(listener, new Metadata());
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
    }
}
