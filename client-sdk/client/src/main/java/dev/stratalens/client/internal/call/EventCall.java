package dev.stratalens.client.internal.call;

import dev.stratalens.client.internal.message.RequestWriter;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.v1.AnalyzeRequest;
import dev.stratalens.v1.AnalyzeResponse;
import dev.stratalens.v1.LensServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;

/** A call of {@code LensService.Analyze}. Whoever has dealt with a response asks for one more. */
abstract class EventCall extends ClientCall.Listener<AnalyzeResponse> {

    /**
     * Responses that may be ahead of the reader. The layers of a short prompt come at once, and to ask for each only when the
     * last one is taken costs a change of threads for each. A response has some 200 KB at most, and most a few.
     */
    static final int AHEAD = 16;

    private final ClientCall<AnalyzeRequest, AnalyzeResponse> call;

    EventCall(Channel channel, CallOptions options) {
        call = channel.newCall(LensServiceGrpc.getAnalyzeMethod(), options);
    }

    final void start(LensRequest request) {
        AnalyzeRequest message = RequestWriter.write(request); // refuses before anything has begun
        call.start(this, new Metadata());
        call.request(AHEAD);
        call.sendMessage(message);
        call.halfClose();
    }

    final void requestOneMore() {
        call.request(1);
    }

    /** Ends the call early. Harmless where it has ended. */
    public final void cancel(String reason) {
        call.cancel(reason, null);
    }
}
