package dev.stratalens.server.grpc.access;

import dev.stratalens.server.access.Right;
import dev.stratalens.server.models.ModelRegistry;
import dev.stratalens.server.models.NamedModel;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;

/** Hides the health of models that a caller may not see: it is that of a service which does not exist. */
public final class ModelHealthGuard implements ServerInterceptor {

    /** In no name of a service or model. */
    private static final String NOBODYS = "\u200b";

    private final ModelRegistry registry;

    private ModelHealthGuard(ModelRegistry registry) {
        this.registry = registry;
    }

    public static ServerServiceDefinition guard(ServerServiceDefinition health, ModelRegistry registry) {
        return ServerInterceptors.intercept(health, new ModelHealthGuard(registry));
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        ServerCall<Q, R> answering = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                String description = status.getDescription();
                super.close(
                        description == null ? status : status.withDescription(description.replace(NOBODYS, "")),
                        trailers);
            }
        };
        return new SimpleForwardingServerCallListener<>(next.startCall(answering, headers)) {
            @Override
            public void onMessage(Q message) {
                super.onMessage(hidden(message));
            }
        };
    }

    // A request of the health service stays one.
    @SuppressWarnings("unchecked")
    private <Q> Q hidden(Q message) {
        return message instanceof HealthCheckRequest check && isHidden(check.getService())
                ? (Q) check.toBuilder().setService(NOBODYS + check.getService()).build()
                : message;
    }

    private boolean isHidden(String name) {
        return registry.models().stream().map(NamedModel::name).anyMatch(name::equals)
                && !CurrentCaller.get().grant().allows(Right.SEE, name);
    }
}
