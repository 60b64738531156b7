package dev.stratalens.server.grpc;

import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.security.MessageDigest;
import java.security.SecureRandom;

/** A secret that only this process knows, so that only the server itself can call a service. */
final class RehearsalKey {

    private static final int BYTES = 32;
    private static final Metadata.Key<byte[]> HEADER =
            Metadata.Key.of("stratalens-rehearsal-bin", Metadata.BINARY_BYTE_MARSHALLER);

    private final byte[] secret = new byte[BYTES];

    RehearsalKey() {
        new SecureRandom().nextBytes(secret);
    }

    /** Shows it. */
    ClientInterceptor onClient() {
        Metadata headers = new Metadata();
        headers.put(HEADER, secret);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    /** Asks for it. */
    ServerInterceptor onServer() {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                byte[] shown = headers.get(HEADER);
                if (shown != null && MessageDigest.isEqual(shown, secret)) {
                    return next.startCall(call, headers);
                }
                call.close(
                        Status.PERMISSION_DENIED.withDescription(
                                "This port is not for callers; it closes in a moment."),
                        new Metadata());
                return new ServerCall.Listener<>() {};
            }
        };
    }
}
