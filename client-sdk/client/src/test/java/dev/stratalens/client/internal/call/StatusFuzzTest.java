package dev.stratalens.client.internal.call;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.QuotaExceeded;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Every failure of a call becomes an exception with a message, whatever its details hold. */
@Timeout(60)
class StatusFuzzTest {

    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    @MethodSource
    @FuzzTest
    void details(byte[] bytes) {
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, bytes);
        String message = StatusReader.read(Status.FAILED_PRECONDITION, trailers).getMessage();
        if (message == null || message.isBlank()) {
            throw new AssertionError("a failure that says nothing");
        }
    }

    static Stream<byte[]> details() {
        return Stream.of(
                        new Sample(
                                "QUOTA_EXCEEDED",
                                QuotaExceeded.newBuilder().setLimitValue(1).build()),
                        new Sample(
                                "INVALID_FIELD",
                                InvalidField.newBuilder()
                                        .setField("top_k")
                                        .setProblemValue(1)
                                        .build()),
                        new Sample("PROMPT_TOO_LONG", PromptTooLong.getDefaultInstance()))
                .map(sample -> com.google.rpc.Status.newBuilder()
                        .setCode(Status.FAILED_PRECONDITION.getCode().value())
                        .setMessage("no")
                        .addDetails(Any.pack(ErrorInfo.newBuilder()
                                .setReason(sample.reason())
                                .setDomain("stratalens.dev")
                                .build()))
                        .addDetails(Any.pack(sample.detail()))
                        .addDetails(Any.pack(RetryInfo.newBuilder()
                                .setRetryDelay(Duration.newBuilder().setSeconds(1))
                                .build()))
                        .build()
                        .toByteArray());
    }

    private record Sample(String reason, Message detail) {}
}
