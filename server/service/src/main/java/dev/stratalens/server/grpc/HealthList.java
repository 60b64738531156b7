package dev.stratalens.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The method {@code List} of the standard health service (gRPC A90), which the library does not have yet. Its messages are made of
 * their fields.
 */
final class HealthList {

    /** As A90 has it. */
    private static final int MOST = 100;

    private static final MethodDescriptor<Empty, Empty> METHOD = MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(HealthGrpc.SERVICE_NAME, "List"))
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setSafe(true)
            .build();

    private HealthList() {}

    /**
     * The health service with the method.
     *
     * @param statuses by name of the service, for the caller of the call that runs on this thread
     */
    static ServerServiceDefinition addTo(
            ServerServiceDefinition health, Supplier<Map<String, ServingStatus>> statuses) {
        ServiceDescriptor known = health.getServiceDescriptor();
        var descriptor = ServiceDescriptor.newBuilder(known.getName())
                .setSchemaDescriptor(known.getSchemaDescriptor())
                .addMethod(METHOD);
        known.getMethods().forEach(descriptor::addMethod);
        var service = ServerServiceDefinition.builder(descriptor.build());
        health.getMethods().forEach(service::addMethod);
        return service.addMethod(
                        METHOD, ServerCalls.asyncUnaryCall((request, observer) -> answer(statuses.get(), observer)))
                .build();
    }

    private static void answer(Map<String, ServingStatus> statuses, StreamObserver<Empty> observer) {
        if (statuses.size() > MOST) {
            observer.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("%d services are more than the %d that List gives. Check or watch single ones."
                            .formatted(statuses.size(), MOST))
                    .asRuntimeException());
            return;
        }
        observer.onNext(response(statuses));
        observer.onCompleted();
    }

    /** {@code HealthListResponse}, whose field 1 is a {@code map<string, HealthCheckResponse>}. */
    private static Empty response(Map<String, ServingStatus> statuses) {
        Field.Builder entries = Field.newBuilder();
        statuses.forEach((service, status) -> entries.addLengthDelimited(UnknownFieldSet.newBuilder()
                .addField(1, bytes(ByteString.copyFromUtf8(service)))
                .addField(
                        2,
                        bytes(HealthCheckResponse.newBuilder()
                                .setStatus(status)
                                .build()
                                .toByteString()))
                .build()
                .toByteString()));
        return Empty.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(1, entries.build())
                        .build())
                .build();
    }

    private static Field bytes(ByteString value) {
        return Field.newBuilder().addLengthDelimited(value).build();
    }
}
