package dev.stratalens.server.grpc.access;

import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.control.AccessControl;
import dev.stratalens.server.access.control.Credentials;
import dev.stratalens.server.grpc.status.FailureStatus;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthGrpc;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Finds who makes each call before anything of it is read, and refuses callers that do not prove it. Only the health service
 * answers strangers, because probes have no keys; it tells them nothing about single models ({@link ModelHealthGuard}).
 */
public final class AccessInterceptor implements ServerInterceptor {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> API_KEY = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);

    private final AccessControl control;
    private final FailureStatus failures;

    public AccessInterceptor(AccessControl control, FailureStatus failures) {
        this.control = control;
        this.failures = failures;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Credentials given = credentials(call, headers);
        // Nothing behind this needs the secret, and could log it.
        headers.discardAll(AUTHORIZATION);
        headers.discardAll(API_KEY);
        Caller caller;
        try {
            caller = control.caller(given);
        } catch (LensFailure refusal) {
            if (!isHealth(call)) {
                StatusRuntimeException status = failures.exceptionOf(refusal, "");
                call.close(
                        status.getStatus(),
                        Optional.ofNullable(status.getTrailers()).orElseGet(Metadata::new));
                return new ServerCall.Listener<>() {};
            }
            caller = Caller.STRANGER;
        }
        return Contexts.interceptCall(CurrentCaller.with(caller, Context.current()), call, headers, next);
    }

    private static boolean isHealth(ServerCall<?, ?> call) {
        return HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
    }

    private static Credentials credentials(ServerCall<?, ?> call, Metadata headers) {
        return new Credentials(
                Optional.ofNullable(headers.get(AUTHORIZATION)),
                Optional.ofNullable(headers.get(API_KEY)),
                Optional.ofNullable(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))
                        .flatMap(AccessInterceptor::certificate));
    }

    private static Optional<X509Certificate> certificate(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain[0] instanceof X509Certificate own ? Optional.of(own) : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }
}
