package dev.stratalens.client.internal;

import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;

/** Starts calls of {@code LensService.Analyze}. */
final class AnalyzeCall {

    /**
     * Events that may be ahead of the reader. The layers of a short prompt come at once, and to ask for each only when the
     * last one is taken costs a change of threads for each. An event has some 200 KB at most, and most a few.
     */
    static final int EVENTS_AHEAD = 16;

    private AnalyzeCall() {}

    /** Starts a call; for each event that it takes, the listener's owner asks for one more. */
    static void start(
            ClientCall<AnalyzeRequest, AnalyzeResponse> call,
            ClientCall.Listener<AnalyzeResponse> listener,
            AnalyzeRequest request) {
        call.start(listener, new Metadata());
        call.request(EVENTS_AHEAD);
        call.sendMessage(request);
        call.halfClose();
    }
}
