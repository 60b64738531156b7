/** The contract: messages and stubs of {@code stratalens.v1}. */
module dev.stratalens.proto {
    requires transitive com.google.protobuf;
    requires transitive io.grpc;
    requires transitive io.grpc.stub;
    requires transitive proto.google.common.protos;
    requires com.google.common;
    requires io.grpc.protobuf;

    exports dev.stratalens.v1;
}
