/** Typed access to a Stratalens server. */
module dev.stratalens.client {
    requires transitive io.grpc;
    requires com.google.protobuf;
    requires dev.stratalens.proto;
    requires io.grpc.inprocess;
    requires io.grpc.netty.shaded;
    requires io.grpc.protobuf;
    requires java.logging;
    // Netty's buffers.
    requires jdk.unsupported;
    requires static com.google.errorprone.annotations;
    requires static org.jspecify;

    exports dev.stratalens.client;
    exports dev.stratalens.client.error;
    exports dev.stratalens.client.model;
    exports dev.stratalens.client.request;
    exports dev.stratalens.client.result;
    // Reads and writes files of results.
    exports dev.stratalens.client.internal.result to
            dev.stratalens.report;
}
