package dev.stratalens.server.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthProto;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Calls {@code List} of the health service by its messages as they are in the present health.proto. */
public final class HealthLists {

    private static final String FILE = """
            name: "grpc/health/v1/list.proto"
            package: "grpc.health.v1"
            syntax: "proto3"
            dependency: "%s"
            message_type { name: "HealthListRequest" }
            message_type {
              name: "HealthListResponse"
              field {
                name: "statuses" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE
                type_name: ".grpc.health.v1.HealthListResponse.StatusesEntry"
              }
              nested_type {
                name: "StatusesEntry"
                field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
                field {
                  name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE
                  type_name: ".grpc.health.v1.HealthCheckResponse"
                }
                options { map_entry: true }
              }
            }
            """;

    private HealthLists() {}

    /** The names of the statuses, by name of the service. */
    public static Map<String, String> of(Channel channel) throws Exception {
        FileDescriptor known = HealthProto.getDescriptor();
        FileDescriptor file = FileDescriptor.buildFrom(
                TextFormat.parse(FILE.formatted(known.getName()), FileDescriptorProto.class),
                new FileDescriptor[] {known});
        var list = MethodDescriptor.<Message, Message>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("grpc.health.v1.Health/List")
                .setRequestMarshaller(marshaller(file.findMessageTypeByName("HealthListRequest")))
                .setResponseMarshaller(marshaller(file.findMessageTypeByName("HealthListResponse")))
                .build();
        Message response = ClientCalls.blockingUnaryCall(
                channel,
                list,
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                DynamicMessage.getDefaultInstance(file.findMessageTypeByName("HealthListRequest")));
        Map<String, String> statuses = new TreeMap<>();
        for (Object entry : (Collection<?>) field(response, "statuses")) {
            Message status = (Message) field((Message) entry, "value");
            statuses.put(
                    field((Message) entry, "key").toString(),
                    field(status, "status").toString());
        }
        return statuses;
    }

    private static MethodDescriptor.Marshaller<Message> marshaller(Descriptor type) {
        return ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(type));
    }

    private static Object field(Message message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }
}
