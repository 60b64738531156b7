package dev.stratalens.server.grpc.watch;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.server.grpc.access.CurrentCaller;
import dev.stratalens.server.grpc.status.FailureStatus;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;

/**
 * Refuses messages that are no messages of the contract, in the words of the contract. gRPC itself would call them an unknown
 * fault of the server. Innermost: it knows the caller, too.
 */
public final class ReadableRequests implements ServerInterceptor {

    private final FailureStatus failures;

    private ReadableRequests(FailureStatus failures) {
        this.failures = failures;
    }

    /** The service, reading its requests here. */
    public static ServerServiceDefinition of(BindableService service, FailureStatus failures) {
        return ServerInterceptors.intercept(
                ServerInterceptors.useInputStreamMessages(service.bindService()), new ReadableRequests(failures));
    }

    @Override
    public <I, O> ServerCall.Listener<I> interceptCall(
            ServerCall<I, O> call, Metadata headers, ServerCallHandler<I, O> next) {
        CurrentRequest.get().askedBy(CurrentCaller.get().principal().name());
        return new Reader<>(call, next.startCall(call, headers));
    }

    private final class Reader<I, O> extends SimpleForwardingServerCallListener<I> {

        private final ServerCall<I, O> call;
        private boolean refused;

        Reader(ServerCall<I, O> call, ServerCall.Listener<I> listener) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(I message) {
            if (refused) {
                return;
            }
            try {
                super.onMessage(message);
            } catch (StatusRuntimeException failure) {
                if (!(failure.getCause() instanceof InvalidProtocolBufferException)) {
                    throw failure;
                }
                refuse();
            }
        }

        /** The service hears that the call is over, as if its caller had gone. */
        private void refuse() {
            refused = true;
            StatusRuntimeException refusal = failures.exceptionOf(
                    InvalidFieldException.of(
                            "",
                            InvalidFieldException.Problem.NOT_UNDERSTOOD,
                            "",
                            "A message cannot be read. Send protobuf messages of stratalens.v1, with texts in UTF-8."),
                    "");
            Metadata trailers = refusal.getTrailers();
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
            super.onCancel();
        }

        @Override
        public void onHalfClose() {
            if (!refused) {
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            if (!refused) {
                super.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (!refused) {
                super.onComplete();
            }
        }

        @Override
        public void onReady() {
            if (!refused) {
                super.onReady();
            }
        }
    }
}
