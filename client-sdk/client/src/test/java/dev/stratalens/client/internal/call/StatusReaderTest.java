package dev.stratalens.client.internal.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.LensException;
import dev.stratalens.v1.CheckpointProblem;
import dev.stratalens.v1.CredentialProblem;
import dev.stratalens.v1.DeadlineTooShort;
import dev.stratalens.v1.FieldProblem;
import dev.stratalens.v1.InvalidCheckpoint;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.LoadedModel;
import dev.stratalens.v1.ManagementDisabled;
import dev.stratalens.v1.MemoryLimitExceeded;
import dev.stratalens.v1.ModelInUse;
import dev.stratalens.v1.ModelMemoryExceeded;
import dev.stratalens.v1.ModelSourceProblem;
import dev.stratalens.v1.ModelSourceUnavailable;
import dev.stratalens.v1.NotAllowed;
import dev.stratalens.v1.NotAvailable;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.QueueFull;
import dev.stratalens.v1.QuotaExceeded;
import dev.stratalens.v1.QuotaLimit;
import dev.stratalens.v1.ReaderTooSlow;
import dev.stratalens.v1.Reason;
import dev.stratalens.v1.ServerStopping;
import dev.stratalens.v1.Unauthenticated;
import dev.stratalens.v1.UnknownModel;
import dev.stratalens.v1.UnsupportedArchitecture;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StatusReaderTest {

    @ParameterizedTest
    @CsvSource({
        "CANCELLED, CANCELLED, false",
        "UNKNOWN, INTERNAL, false",
        "INVALID_ARGUMENT, INVALID_REQUEST, false",
        "DEADLINE_EXCEEDED, DEADLINE_EXCEEDED, false",
        "NOT_FOUND, REFUSED, false",
        "ALREADY_EXISTS, REFUSED, false",
        "PERMISSION_DENIED, NOT_ALLOWED, false",
        "RESOURCE_EXHAUSTED, LIMIT_EXCEEDED, false",
        "FAILED_PRECONDITION, REFUSED, false",
        "ABORTED, UNAVAILABLE, true",
        "OUT_OF_RANGE, INVALID_REQUEST, false",
        "UNIMPLEMENTED, NOT_AVAILABLE, false",
        "INTERNAL, INTERNAL, false",
        "UNAVAILABLE, UNAVAILABLE, true",
        "DATA_LOSS, BROKEN_STREAM, false",
        "UNAUTHENTICATED, UNAUTHENTICATED, false"
    })
    void everyCodeHasItsMeaning(Status.Code code, ErrorCode expected, boolean retryable) {
        LensException error = StatusReader.read(code.toStatus().withDescription("what to do"), new Metadata());
        assertEquals(expected, error.code());
        assertEquals(retryable, error.isRetryable());
        assertEquals(Optional.empty(), error.detail());
        assertTrue(String.valueOf(error.getMessage()).startsWith("what to do"), error.getMessage());
        assertEquals(
                code,
                assertInstanceOf(StatusRuntimeException.class, error.getCause())
                        .getStatus()
                        .getCode());
    }

    @Test
    void aModelThatNeverFitsIsNotWorthARetry() {
        ErrorDetail busy = ErrorDetail.ModelMemoryExceeded.of("m", 100, 100, Map.of("other", 50L));
        ErrorDetail huge = ErrorDetail.ModelMemoryExceeded.of("m", 101, 100, Map.of());

        assertTrue(new LensException(ErrorCode.MODEL_MEMORY, "", busy, null).isRetryable());
        assertFalse(new LensException(ErrorCode.MODEL_MEMORY, "", huge, null).isRetryable());
    }

    @ParameterizedTest
    @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void everyCodeHasWords(Status.Code code) {
        assertTrue(!String.valueOf(StatusReader.read(code.toStatus(), null).getMessage())
                .isBlank());
    }

    @ParameterizedTest
    @MethodSource("details")
    void everyDetailArrivesWhole(
            Reason reason, Status.Code code, Message wire, ErrorCode expected, ErrorDetail detail) {
        LensException error = read(code, info(reason), Any.pack(wire));
        assertEquals(expected, error.code());
        assertEquals(Optional.of(detail), error.detail());
        assertEquals("in words", error.getMessage());
    }

    static Stream<Arguments> details() {
        return Stream.of(
                Arguments.of(
                        Reason.REASON_NOT_AVAILABLE,
                        Status.Code.UNIMPLEMENTED,
                        NotAvailable.newBuilder()
                                .setField("lenses[0]")
                                .setFeature("lens.transport")
                                .build(),
                        ErrorCode.NOT_AVAILABLE,
                        ErrorDetail.NotAvailable.of("lenses[0]", "lens.transport")),
                Arguments.of(
                        Reason.REASON_MODEL_SOURCE_UNAVAILABLE,
                        Status.Code.UNAVAILABLE,
                        ModelSourceUnavailable.newBuilder()
                                .setModel("m")
                                .setProblem(ModelSourceProblem.MODEL_SOURCE_PROBLEM_STORAGE)
                                .build(),
                        ErrorCode.MODEL_SOURCE,
                        ErrorDetail.ModelSourceUnavailable.of("m", ErrorDetail.SourceProblem.STORAGE)),
                Arguments.of(
                        Reason.REASON_UNKNOWN_MODEL,
                        Status.Code.NOT_FOUND,
                        UnknownModel.newBuilder()
                                .setName("x")
                                .addServed("a")
                                .addServed("b")
                                .build(),
                        ErrorCode.UNKNOWN_MODEL,
                        ErrorDetail.UnknownModel.of("x", List.of("a", "b"))),
                Arguments.of(
                        Reason.REASON_UNSUPPORTED_ARCHITECTURE,
                        Status.Code.UNIMPLEMENTED,
                        UnsupportedArchitecture.newBuilder()
                                .setModel("m")
                                .setModelType("rwkv")
                                .addSupported("gpt2")
                                .build(),
                        ErrorCode.UNSUPPORTED_ARCHITECTURE,
                        ErrorDetail.UnsupportedArchitecture.of("m", "rwkv", List.of("gpt2"))),
                Arguments.of(
                        Reason.REASON_INVALID_CHECKPOINT,
                        Status.Code.FAILED_PRECONDITION,
                        InvalidCheckpoint.newBuilder()
                                .setModel("m")
                                .setProblem(CheckpointProblem.CHECKPOINT_PROBLEM_TRUNCATED)
                                .setFile("model.safetensors")
                                .addOffenders("wte.weight")
                                .build(),
                        ErrorCode.INVALID_CHECKPOINT,
                        ErrorDetail.InvalidCheckpoint.of(
                                "m",
                                ErrorDetail.CheckpointProblem.TRUNCATED,
                                "model.safetensors",
                                List.of("wte.weight"))),
                Arguments.of(
                        Reason.REASON_INVALID_FIELD,
                        Status.Code.INVALID_ARGUMENT,
                        InvalidField.newBuilder()
                                .setField("layers[1].last")
                                .setProblem(FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE)
                                .setGiven("99")
                                .setMinimum(0)
                                .setMaximum(11)
                                .build(),
                        ErrorCode.INVALID_REQUEST,
                        ErrorDetail.InvalidField.of(
                                "layers[1].last",
                                ErrorDetail.FieldProblem.OUT_OF_RANGE,
                                "99",
                                OptionalLong.of(0),
                                OptionalLong.of(11))),
                Arguments.of(
                        Reason.REASON_INVALID_FIELD,
                        Status.Code.INVALID_ARGUMENT,
                        InvalidField.newBuilder().setField("prompt").build(),
                        ErrorCode.INVALID_REQUEST,
                        ErrorDetail.InvalidField.of(
                                "prompt",
                                ErrorDetail.FieldProblem.UNKNOWN,
                                "",
                                OptionalLong.empty(),
                                OptionalLong.empty())),
                Arguments.of(
                        Reason.REASON_PROMPT_TOO_LONG,
                        Status.Code.INVALID_ARGUMENT,
                        PromptTooLong.newBuilder()
                                .setTokenCount(2000)
                                .setLimit(1024)
                                .build(),
                        ErrorCode.PROMPT_TOO_LONG,
                        ErrorDetail.PromptTooLong.of(2000, 1024)),
                Arguments.of(
                        Reason.REASON_MEMORY_LIMIT_EXCEEDED,
                        Status.Code.RESOURCE_EXHAUSTED,
                        MemoryLimitExceeded.newBuilder()
                                .setNeededBytes(1L << 40)
                                .setLimitBytes(1L << 33)
                                .build(),
                        ErrorCode.MEMORY_LIMIT,
                        ErrorDetail.MemoryLimitExceeded.of(1L << 40, 1L << 33)),
                Arguments.of(
                        Reason.REASON_MODEL_MEMORY_EXCEEDED,
                        Status.Code.RESOURCE_EXHAUSTED,
                        ModelMemoryExceeded.newBuilder()
                                .setModel("m")
                                .setNeededBytes(60)
                                .setBudgetBytes(100)
                                .addLoaded(LoadedModel.newBuilder()
                                        .setName("other")
                                        .setMemoryBytes(50))
                                .build(),
                        ErrorCode.MODEL_MEMORY,
                        ErrorDetail.ModelMemoryExceeded.of("m", 60, 100, Map.of("other", 50L))),
                Arguments.of(
                        Reason.REASON_MODEL_IN_USE,
                        Status.Code.FAILED_PRECONDITION,
                        ModelInUse.newBuilder().setModel("m").setRequestCount(3).build(),
                        ErrorCode.MODEL_IN_USE,
                        ErrorDetail.ModelInUse.of("m", OptionalInt.of(3))),
                Arguments.of(
                        Reason.REASON_MANAGEMENT_DISABLED,
                        Status.Code.PERMISSION_DENIED,
                        ManagementDisabled.getDefaultInstance(),
                        ErrorCode.NOT_ALLOWED,
                        ErrorDetail.ManagementDisabled.of()),
                Arguments.of(
                        Reason.REASON_UNAUTHENTICATED,
                        Status.Code.UNAUTHENTICATED,
                        Unauthenticated.newBuilder()
                                .setProblem(CredentialProblem.CREDENTIAL_PROBLEM_UNKNOWN)
                                .build(),
                        ErrorCode.UNAUTHENTICATED,
                        ErrorDetail.Unauthenticated.of(ErrorDetail.CredentialProblem.UNKNOWN)),
                Arguments.of(
                        Reason.REASON_NOT_ALLOWED,
                        Status.Code.PERMISSION_DENIED,
                        NotAllowed.newBuilder()
                                .setRight("analyze")
                                .setModel("m")
                                .build(),
                        ErrorCode.NOT_ALLOWED,
                        ErrorDetail.NotAllowed.of("analyze", "m")),
                Arguments.of(
                        Reason.REASON_QUEUE_FULL,
                        Status.Code.RESOURCE_EXHAUSTED,
                        QueueFull.newBuilder().setModel("m").setCapacity(32).build(),
                        ErrorCode.QUEUE_FULL,
                        ErrorDetail.QueueFull.of("m", 32)),
                Arguments.of(
                        Reason.REASON_DEADLINE_TOO_SHORT,
                        Status.Code.RESOURCE_EXHAUSTED,
                        DeadlineTooShort.newBuilder()
                                .setModel("m")
                                .setNeeded(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(3))
                                .setLeft(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(1))
                                .build(),
                        ErrorCode.DEADLINE_TOO_SHORT,
                        ErrorDetail.DeadlineTooShort.of("m", Duration.ofSeconds(3), Duration.ofSeconds(1))),
                Arguments.of(
                        Reason.REASON_QUOTA_EXCEEDED,
                        Status.Code.RESOURCE_EXHAUSTED,
                        QuotaExceeded.newBuilder()
                                .setLimit(QuotaLimit.QUOTA_LIMIT_TOKENS_PER_MINUTE)
                                .setValue(5000)
                                .build(),
                        ErrorCode.QUOTA_EXCEEDED,
                        ErrorDetail.QuotaExceeded.of(ErrorDetail.QuotaLimit.TOKENS_PER_MINUTE, 5000)),
                Arguments.of(
                        Reason.REASON_READER_TOO_SLOW,
                        Status.Code.RESOURCE_EXHAUSTED,
                        ReaderTooSlow.newBuilder()
                                .setWaited(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(2)
                                        .setNanos(500_000_000))
                                .build(),
                        ErrorCode.READER_TOO_SLOW,
                        ErrorDetail.ReaderTooSlow.of(Duration.ofMillis(2500))),
                Arguments.of(
                        Reason.REASON_SERVER_STOPPING,
                        Status.Code.UNAVAILABLE,
                        ServerStopping.getDefaultInstance(),
                        ErrorCode.UNAVAILABLE,
                        ErrorDetail.ServerStopping.of()));
    }

    @ParameterizedTest
    @EnumSource(ModelSourceProblem.class)
    void everySourceProblemHasItsName(ModelSourceProblem problem) {
        ModelSourceUnavailable.Builder wire = ModelSourceUnavailable.newBuilder();
        wire.setProblemValue(problem == ModelSourceProblem.UNRECOGNIZED ? 99 : problem.getNumber());
        ErrorDetail.ModelSourceUnavailable detail = assertInstanceOf(
                ErrorDetail.ModelSourceUnavailable.class,
                read(Status.Code.UNAVAILABLE, Any.pack(wire.build())).detail().orElseThrow());
        assertEquals(
                known(problem.name(), "MODEL_SOURCE_PROBLEM_"), detail.problem().name());
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"REASON_UNSPECIFIED", "UNRECOGNIZED"})
    void everyReasonIsKnown(Reason reason) {
        LensException error = read(Status.Code.UNKNOWN, info(reason));
        assertTrue(error.code() != ErrorCode.INTERNAL || reason == Reason.REASON_INTERNAL_FAULT, reason.name());
    }

    @Test
    void aReasonOfANewerServerFallsBackOnTheCode() {
        Any newer = Any.pack(ErrorInfo.newBuilder()
                .setDomain("stratalens.dev")
                .setReason("QUOTA_USED_UP")
                .putMetadata("quota", "7")
                .build());
        LensException error = read(Status.Code.RESOURCE_EXHAUSTED, newer);
        assertEquals(ErrorCode.LIMIT_EXCEEDED, error.code());
        assertEquals(Optional.of(ErrorDetail.Other.of("QUOTA_USED_UP", Map.of("quota", "7"))), error.detail());
        Any foreign = Any.pack(ErrorInfo.newBuilder()
                .setDomain("proxy.example")
                .setReason("QUEUE_FULL")
                .build());
        assertEquals(
                ErrorCode.LIMIT_EXCEEDED,
                read(Status.Code.RESOURCE_EXHAUSTED, foreign).code());
    }

    @Test
    void whoMayRetryHearsWhen() {
        Any retry = Any.pack(RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(3))
                .build());
        LensException error = read(Status.Code.RESOURCE_EXHAUSTED, info(Reason.REASON_QUEUE_FULL), retry);
        assertEquals(Optional.of(Duration.ofSeconds(3)), error.retryAfter());
        assertTrue(error.isRetryable());
        assertEquals(
                Optional.empty(),
                read(Status.Code.INVALID_ARGUMENT, info(Reason.REASON_INVALID_FIELD))
                        .retryAfter());
    }

    private static Any info(Reason reason) {
        return Any.pack(ErrorInfo.newBuilder()
                .setDomain("stratalens.dev")
                .setReason(reason.name().replace("REASON_", ""))
                .build());
    }

    @ParameterizedTest
    @EnumSource(CheckpointProblem.class)
    void everyCheckpointProblemHasItsName(CheckpointProblem problem) {
        InvalidCheckpoint.Builder wire = InvalidCheckpoint.newBuilder();
        wire.setProblemValue(problem == CheckpointProblem.UNRECOGNIZED ? 99 : problem.getNumber());
        ErrorDetail.InvalidCheckpoint detail = assertInstanceOf(
                ErrorDetail.InvalidCheckpoint.class,
                read(Status.Code.FAILED_PRECONDITION, Any.pack(wire.build()))
                        .detail()
                        .orElseThrow());
        assertEquals(
                known(problem.name(), "CHECKPOINT_PROBLEM_"), detail.problem().name());
    }

    @ParameterizedTest
    @EnumSource(QuotaLimit.class)
    void everyLimitHasItsName(QuotaLimit limit) {
        QuotaExceeded.Builder wire = QuotaExceeded.newBuilder();
        wire.setLimitValue(limit == QuotaLimit.UNRECOGNIZED ? 99 : limit.getNumber());
        ErrorDetail.QuotaExceeded detail = assertInstanceOf(
                ErrorDetail.QuotaExceeded.class,
                read(Status.Code.RESOURCE_EXHAUSTED, Any.pack(wire.build()))
                        .detail()
                        .orElseThrow());
        assertEquals(known(limit.name(), "QUOTA_LIMIT_"), detail.limit().name());
    }

    @Test
    void aLimitThatNeverAllowsTheRequestIsNotWorthARetry() {
        Any never = info(Reason.REASON_QUOTA_EXCEEDED);
        Any later = Any.pack(RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(3))
                .build());
        assertFalse(read(Status.Code.RESOURCE_EXHAUSTED, never).isRetryable());
        assertTrue(read(Status.Code.RESOURCE_EXHAUSTED, never, later).isRetryable());
    }

    @ParameterizedTest
    @EnumSource(FieldProblem.class)
    void everyFieldProblemHasItsName(FieldProblem problem) {
        InvalidField.Builder wire = InvalidField.newBuilder();
        wire.setProblemValue(problem == FieldProblem.UNRECOGNIZED ? 99 : problem.getNumber());
        ErrorDetail.InvalidField detail = assertInstanceOf(
                ErrorDetail.InvalidField.class,
                read(Status.Code.INVALID_ARGUMENT, Any.pack(wire.build()))
                        .detail()
                        .orElseThrow());
        assertEquals(known(problem.name(), "FIELD_PROBLEM_"), detail.problem().name());
    }

    @Test
    void unknownAndUnreadableDetailsAreIgnored() {
        Any unknown =
                Any.newBuilder().setTypeUrl("type.googleapis.com/example.New").build();
        Any unreadable = Any.pack(QueueFull.getDefaultInstance()).toBuilder()
                .setValue(ByteString.copyFrom(new byte[] {(byte) 0xFF}))
                .build();
        Any good = Any.pack(ServerStopping.getDefaultInstance());
        assertEquals(
                Optional.empty(),
                read(Status.Code.UNAVAILABLE, unknown, unreadable).detail());
        assertEquals(
                Optional.of(ErrorDetail.ServerStopping.of()),
                read(Status.Code.UNAVAILABLE, unknown, unreadable, good).detail());
    }

    @Test
    void anUnreadableMessageIsABrokenStreamAndNoCancellation() {
        Status status = Status.CANCELLED
                .withDescription("Failed to read message.")
                .withCause(Status.INTERNAL
                        .withCause(new InvalidProtocolBufferException("bad"))
                        .asRuntimeException());
        assertEquals(ErrorCode.BROKEN_STREAM, StatusReader.read(status, null).code());
    }

    /** As Netty says it where a connection ends in the middle of a request. */
    @Test
    void aChannelThatIsClosedIsAConnectionThatBrokeOff() {
        Status status = Status.UNKNOWN.withDescription("channel closed").withCause(new ClosedChannelException());

        LensException failure = StatusReader.read(status, null);

        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.isRetryable());
        assertTrue(String.valueOf(failure.getMessage()).startsWith("The connection broke off."), failure.getMessage());
    }

    @Test
    void anUnreachableServerIsExplained() {
        Status status = Status.UNAVAILABLE
                .withDescription("io exception")
                .withCause(new ConnectException("Connection refused: localhost/127.0.0.1:1"));
        String message = String.valueOf(StatusReader.read(status, null).getMessage());
        assertEquals(
                "Nothing listens at localhost/127.0.0.1:1. Check that the server runs, its host and port.", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNAVAILABLE | SSLException: error:1000008b:SSL routines:OPENSSL_internal:DECRYPTION_FAILED_OR_BAD_RECORD_MAC | damaged on its way",
                "UNAVAILABLE | Unable to resolve host no.such.host | There is no host of the name no.such.host.",
                "UNAVAILABLE | Keepalive failed. The connection is likely gone | The connection went silent.",
                "UNAVAILABLE | Network closed for unknown reason | The connection broke off.",
                "UNAVAILABLE | upstream connect error | TLS or plain text",
                "RESOURCE_EXHAUSTED | gRPC message exceeds maximum size 4194304: 5000000 | larger than this client takes",
                "DEADLINE_EXCEEDED | CallOptions deadline exceeded after 0.19s. [closed=[], committed=[]] | The time for the call was over",
                "UNIMPLEMENTED | Method not found | of the client's version",
                "UNAVAILABLE | HTTP status code 503 invalid content-type: text/html headers: Metadata(:status=503) DATA | it says HTTP 503.",
                "UNAVAILABLE | connection timed out after 20000 ms: /10.0.0.1:50061 | Nothing answers at /10.0.0.1:50061.",
                "UNAVAILABLE | Channel shutdownNow invoked | The client was closed",
                "UNAVAILABLE | Abrupt GOAWAY closed unsent stream. HTTP/2 error code: NO_ERROR | The connection broke off.",
                "CANCELLED | RST_STREAM closed stream. HTTP/2 error code: CANCEL | The connection broke off.",
                "PERMISSION_DENIED | RBAC: access denied | RBAC: access denied"
            })
    void whatTheTransportSaysIsPutIntoWordsWithARemedy(Status.Code code, String said, String words) {
        String message = String.valueOf(
                StatusReader.read(code.toStatus().withDescription(said), null).getMessage());
        assertTrue(message.contains(words), message);
        for (String internal : List.of("[closed=", "Metadata(", "Channel ", "HTTP/2", "io exception")) {
            assertFalse(message.contains(internal), message);
        }
    }

    @Test
    void nothingOfTheStackBelowIsInAMessage() {
        Status status = Status.UNAVAILABLE
                .withDescription(
                        "io exception\nChannel Pipeline: [SslHandler#0, ProtocolNegotiators$ClientTlsHandler#0]")
                .withCause(new IOException("who knows"));
        String message = String.valueOf(StatusReader.read(status, null).getMessage());
        assertTrue(
                message.startsWith("The call ended with the status UNAVAILABLE. Check that the server runs"), message);
    }

    private static LensException read(Status.Code code, Any... details) {
        StatusRuntimeException sent = StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(code.value())
                .setMessage("in words")
                .addAllDetails(List.of(details))
                .build());
        return StatusReader.read(sent.getStatus(), sent.getTrailers());
    }

    private static String known(String wireName, String prefix) {
        String name = wireName.replace(prefix, "");
        return name.equals("UNSPECIFIED") || name.equals("UNRECOGNIZED") ? "UNKNOWN" : name;
    }
}
