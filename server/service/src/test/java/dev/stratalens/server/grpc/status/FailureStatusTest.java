package dev.stratalens.server.grpc.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.stratalens.engine.error.DeviceMemoryException;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.LensCanceledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.error.ModelTooLargeException;
import dev.stratalens.engine.error.PromptTooLongException;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import dev.stratalens.server.error.DeadlineTooShortException;
import dev.stratalens.server.error.ManagementDisabledException;
import dev.stratalens.server.error.ModelInUseException;
import dev.stratalens.server.error.ModelMemoryException;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.NotAllowedException;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.QuotaExceededException;
import dev.stratalens.server.error.QuotaExceededException.Limit;
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.error.UnauthenticatedException;
import dev.stratalens.server.error.UnknownModelException;
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
import dev.stratalens.v1.ServerStopping;
import dev.stratalens.v1.Unauthenticated;
import dev.stratalens.v1.UnknownModel;
import dev.stratalens.v1.UnsupportedArchitecture;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class FailureStatusTest {

    /** What clients accept in headers unless they are told otherwise. */
    private static final int HEADER_BYTES = 8 << 10;

    private final FailureStatus failures = new FailureStatus();

    static Stream<Arguments> table() {
        return Stream.of(
                Arguments.of(
                        new UnknownModelException("x", List.of("a", "b")),
                        Code.NOT_FOUND,
                        UnknownModel.newBuilder()
                                .setName("x")
                                .addServed("a")
                                .addServed("b")
                                .build()),
                Arguments.of(
                        new UnsupportedArchitectureException("rwkv", List.of("gpt2", "llama")),
                        Code.UNIMPLEMENTED,
                        UnsupportedArchitecture.newBuilder()
                                .setModel("m")
                                .setModelType("rwkv")
                                .addSupported("gpt2")
                                .addSupported("llama")
                                .build()),
                Arguments.of(
                        new InvalidCheckpointException(
                                InvalidCheckpointException.Problem.TENSORS, "model.safetensors", List.of("w"), "no w"),
                        Code.FAILED_PRECONDITION,
                        InvalidCheckpoint.newBuilder()
                                .setModel("m")
                                .setProblem(CheckpointProblem.CHECKPOINT_PROBLEM_TENSORS)
                                .setFile("model.safetensors")
                                .addOffenders("w")
                                .build()),
                Arguments.of(
                        new ModelSourceException(ModelSourceException.Problem.STORAGE, "no room"),
                        Code.UNAVAILABLE,
                        ModelSourceUnavailable.newBuilder()
                                .setModel("m")
                                .setProblem(ModelSourceProblem.MODEL_SOURCE_PROBLEM_STORAGE)
                                .build()),
                Arguments.of(
                        new ModelSourceException(ModelSourceException.Problem.NOT_FOUND, "nothing there"),
                        Code.FAILED_PRECONDITION,
                        ModelSourceUnavailable.newBuilder()
                                .setModel("m")
                                .setProblem(ModelSourceProblem.MODEL_SOURCE_PROBLEM_NOT_FOUND)
                                .build()),
                Arguments.of(
                        InvalidFieldException.outOfRange("top_k", 0xFFFF_FFFFL, 1, 100, "Ask for less."),
                        Code.INVALID_ARGUMENT,
                        InvalidField.newBuilder()
                                .setField("top_k")
                                .setProblem(FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE)
                                .setGiven("4294967295")
                                .setMinimum(1)
                                .setMaximum(100)
                                .build()),
                Arguments.of(
                        InvalidFieldException.of(
                                "layers[1]", InvalidFieldException.Problem.DUPLICATE, "4", "Ask once."),
                        Code.INVALID_ARGUMENT,
                        InvalidField.newBuilder()
                                .setField("layers[1]")
                                .setProblem(FieldProblem.FIELD_PROBLEM_DUPLICATE)
                                .setGiven("4")
                                .build()),
                Arguments.of(
                        new PromptTooLongException(9, 8),
                        Code.INVALID_ARGUMENT,
                        PromptTooLong.newBuilder().setTokenCount(9).setLimit(8).build()),
                Arguments.of(
                        new MemoryLimitExceededException(1L << 40, 1L << 31),
                        Code.RESOURCE_EXHAUSTED,
                        MemoryLimitExceeded.newBuilder()
                                .setNeededBytes(1L << 40)
                                .setLimitBytes(1L << 31)
                                .build()),
                Arguments.of(
                        new ModelMemoryException("m", 60, 100, List.of(new ModelMemoryException.Holder("other", 50))),
                        Code.RESOURCE_EXHAUSTED,
                        ModelMemoryExceeded.newBuilder()
                                .setModel("m")
                                .setNeededBytes(60)
                                .setBudgetBytes(100)
                                .addLoaded(LoadedModel.newBuilder()
                                        .setName("other")
                                        .setMemoryBytes(50))
                                .build()),
                Arguments.of(
                        new DeviceUnavailableException("There is no card."),
                        Code.UNIMPLEMENTED,
                        NotAvailable.newBuilder()
                                .setField("device")
                                .setFeature("cuda")
                                .build()),
                Arguments.of(
                        new DeviceMemoryException("cuda:0", 60, 40),
                        Code.RESOURCE_EXHAUSTED,
                        MemoryLimitExceeded.newBuilder()
                                .setNeededBytes(60)
                                .setLimitBytes(40)
                                .build()),
                Arguments.of(
                        new ModelTooLargeException("No room.", 60, 40),
                        Code.RESOURCE_EXHAUSTED,
                        ModelMemoryExceeded.newBuilder()
                                .setModel("m")
                                .setNeededBytes(60)
                                .setBudgetBytes(40)
                                .build()),
                Arguments.of(
                        new ModelInUseException("m", 3),
                        Code.FAILED_PRECONDITION,
                        ModelInUse.newBuilder().setModel("m").setRequestCount(3).build()),
                Arguments.of(
                        new ManagementDisabledException(),
                        Code.PERMISSION_DENIED,
                        ManagementDisabled.getDefaultInstance()),
                Arguments.of(
                        new QueueFullException("m", 64),
                        Code.RESOURCE_EXHAUSTED,
                        QueueFull.newBuilder().setModel("m").setCapacity(64).build()),
                Arguments.of(
                        new DeadlineTooShortException("m", Duration.ofSeconds(3), Duration.ofSeconds(1)),
                        Code.RESOURCE_EXHAUSTED,
                        DeadlineTooShort.newBuilder()
                                .setModel("m")
                                .setNeeded(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(3))
                                .setLeft(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(1))
                                .build()),
                Arguments.of(
                        QuotaExceededException.later(Limit.REQUESTS_PER_MINUTE, 60, Duration.ofMillis(1500)),
                        Code.RESOURCE_EXHAUSTED,
                        QuotaExceeded.newBuilder()
                                .setLimit(QuotaLimit.QUOTA_LIMIT_REQUESTS_PER_MINUTE)
                                .setValue(60)
                                .build()),
                Arguments.of(
                        new ReaderTooSlowException(Duration.ofMillis(1500)),
                        Code.RESOURCE_EXHAUSTED,
                        ReaderTooSlow.newBuilder()
                                .setWaited(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(1)
                                        .setNanos(500_000_000))
                                .build()),
                Arguments.of(
                        UnauthenticatedException.unknownKey(),
                        Code.UNAUTHENTICATED,
                        Unauthenticated.newBuilder()
                                .setProblem(CredentialProblem.CREDENTIAL_PROBLEM_UNKNOWN)
                                .build()),
                Arguments.of(
                        NotAllowedException.withoutRight("ann", "analyze", "m"),
                        Code.PERMISSION_DENIED,
                        NotAllowed.newBuilder()
                                .setRight("analyze")
                                .setModel("m")
                                .build()),
                Arguments.of(new ServerStoppingException(), Code.UNAVAILABLE, ServerStopping.getDefaultInstance()));
    }

    @ParameterizedTest
    @MethodSource("table")
    void givesEachFailureItsStatusAndDetail(LensFailure failure, Code code, Message detail) throws Exception {
        StatusRuntimeException thrown = failures.exceptionOf(failure, "m");
        Status status = StatusProto.fromThrowable(thrown);

        assertEquals(code.getNumber(), status.getCode());
        assertEquals(code.getNumber(), thrown.getStatus().getCode().value());
        assertEquals(failure.getMessage(), status.getMessage());
        assertEquals(failure.getMessage(), thrown.getStatus().getDescription());
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertEquals("stratalens.dev", info.getDomain());
        assertEquals(reason(detail), info.getReason());
        assertEquals(
                detail.getAllFields().keySet().stream()
                        .map(field -> field.getName())
                        .collect(Collectors.toSet()),
                info.getMetadataMap().keySet());
        assertEquals(detail, status.getDetails(1).unpack(detail.getClass()));
    }

    private static String reason(Message detail) {
        return detail.getDescriptorForType()
                .getName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toUpperCase(Locale.ROOT);
    }

    @ParameterizedTest
    @EnumSource(Limit.class)
    void everyLimitHasAName(Limit limit) throws Exception {
        QuotaExceeded detail = failures.statusOf(QuotaExceededException.never(limit, 1, 2), "m")
                .getDetails(1)
                .unpack(QuotaExceeded.class);
        assertEquals("QUOTA_LIMIT_" + limit, detail.getLimit().name());
    }

    @Test
    void namesNoOtherModelToCallersThatMayNotKnowOfIt() throws Exception {
        ModelMemoryException failure =
                new ModelMemoryException("m", 60, 100, List.of(new ModelMemoryException.Holder("secret", 50)));

        Status status = new FailureStatus(true).statusOf(failure, "m");

        assertFalse(status.toString().contains("secret"), status.toString());
        assertTrue(status.getMessage().contains("others are in use"), status.getMessage());
        assertTrue(new FailureStatus().statusOf(failure, "m").toString().contains("secret"));
    }

    @Test
    void saysWhenARetryCanHelpInTheDetailsAndInTheTrailer() throws Exception {
        List<LensFailure> retryable = List.of(
                new QueueFullException("m", 64),
                new DeadlineTooShortException("m", Duration.ofSeconds(3), Duration.ofSeconds(1)),
                QuotaExceededException.later(Limit.IN_FLIGHT, 4, Duration.ofMillis(1)),
                new ServerStoppingException(),
                new ModelInUseException("m", 1),
                new ModelMemoryException("m", 60, 100, List.of()),
                new ModelSourceException(ModelSourceException.Problem.UNREACHABLE, "no answer"),
                new ModelSourceException(ModelSourceException.Problem.DAMAGED, "half of it"));
        List<LensFailure> hopeless = List.of(
                QuotaExceededException.never(Limit.PROMPT_TOKENS, 4, 5),
                new ModelMemoryException("m", 101, 100, List.of()),
                new ModelSourceException(ModelSourceException.Problem.ACCESS_DENIED, "no token"),
                new ReaderTooSlowException(Duration.ofSeconds(1)),
                new PromptTooLongException(9, 8));

        for (LensFailure failure : retryable) {
            StatusRuntimeException thrown = failures.exceptionOf(failure, "m");
            RetryInfo retry = StatusProto.fromThrowable(thrown).getDetails(2).unpack(RetryInfo.class);
            assertEquals(
                    retry.getRetryDelay().getSeconds() * 1000
                            + retry.getRetryDelay().getNanos() / 1_000_000,
                    Long.parseLong(Objects.requireNonNull(thrown.getTrailers()).get(FailureStatus.PUSHBACK)));
        }
        for (LensFailure failure : hopeless) {
            StatusRuntimeException thrown = failures.exceptionOf(failure, "m");
            assertEquals(2, StatusProto.fromThrowable(thrown).getDetailsCount());
            boolean isLimit = thrown.getStatus().getCode() == io.grpc.Status.Code.RESOURCE_EXHAUSTED;
            assertEquals(
                    isLimit ? "-1" : null,
                    Objects.requireNonNull(thrown.getTrailers()).get(FailureStatus.PUSHBACK));
        }
    }

    @Test
    void namesTheFactsAsStrings() throws Exception {
        ErrorInfo info = failures.statusOf(InvalidFieldException.outOfRange("top_k", 101, 1, 100, "Ask for less."), "m")
                .getDetails(0)
                .unpack(ErrorInfo.class);

        assertEquals(
                Map.of("field", "top_k", "problem", "OUT_OF_RANGE", "given", "101", "minimum", "1", "maximum", "100"),
                info.getMetadataMap());
    }

    @Test
    void theTableMissesNoFailure() {
        Set<Class<?>> tested = table().map(row -> row.get()[0].getClass()).collect(Collectors.toSet());
        // It has no detail.
        tested.add(LensCanceledException.class);

        Set<Class<?>> all = new ClassFileImporter()
                        .withImportOption(new DoNotIncludeTests())
                        .importPackages("dev.stratalens.engine", "dev.stratalens.server")
                        .stream()
                        .filter(type ->
                                type.isAssignableTo(LensFailure.class) && !type.isEquivalentTo(LensFailure.class))
                        .map(JavaClass::reflect)
                        .collect(Collectors.toSet());
        assertEquals(all, tested);
    }

    @Test
    void aCanceledPromptHasAReasonAndNoDetail() throws Exception {
        Status status = failures.statusOf(new LensCanceledException(), "m");

        assertEquals(Code.CANCELLED_VALUE, status.getCode());
        assertEquals(1, status.getDetailsCount());
        assertEquals("CANCELLED", status.getDetails(0).unpack(ErrorInfo.class).getReason());
    }

    @ParameterizedTest
    @EnumSource
    void namesEveryProblemOfACheckpoint(InvalidCheckpointException.Problem problem) throws Exception {
        Any detail = failures.statusOf(new InvalidCheckpointException(problem, "f", List.of(), "m"), "m")
                .getDetails(1);

        assertEquals(
                "CHECKPOINT_PROBLEM_" + problem.name(),
                detail.unpack(InvalidCheckpoint.class).getProblem().name());
    }

    @ParameterizedTest
    @EnumSource
    void namesEveryProblemOfASource(ModelSourceException.Problem problem) throws Exception {
        Any detail =
                failures.statusOf(new ModelSourceException(problem, "m"), "m").getDetails(1);

        assertEquals(
                "MODEL_SOURCE_PROBLEM_" + problem.name(),
                detail.unpack(ModelSourceUnavailable.class).getProblem().name());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOT_AVAILABLE")
    void namesEveryProblemOfAField(InvalidFieldException.Problem problem) throws Exception {
        Any detail = failures.statusOf(InvalidFieldException.of("f", problem, "g", "Do."), "m")
                .getDetails(1);

        assertEquals(
                "FIELD_PROBLEM_" + problem.name(),
                detail.unpack(InvalidField.class).getProblem().name());
    }

    @Test
    void keepsAStatusThatIsAlreadySet() {
        StatusRuntimeException set = io.grpc.Status.DATA_LOSS.asRuntimeException();

        assertSame(set, failures.exceptionOf(set, "m"));
    }

    @Test
    void tellsNothingOfAFaultButItsId() throws Exception {
        RuntimeException fault = new IllegalStateException("secret /home/someone/model");

        Status status = failures.statusOf(fault, "m");

        assertEquals(Code.INTERNAL_VALUE, status.getCode());
        assertEquals(1, status.getDetailsCount());
        ErrorInfo info = status.getDetails(0).unpack(ErrorInfo.class);
        assertEquals("INTERNAL_FAULT", info.getReason());
        assertTrue(status.getMessage().contains(info.getMetadataOrThrow("fault")), status.getMessage());
        assertFalse(status.toString().contains("secret"), status.toString());
        assertTrue(status.getMessage().matches(".*[0-9a-f-]{36}\\."), status.getMessage());
        assertEquals(status, failures.statusOf(fault, "m"), "one fault has one id");
        assertNotEquals(status, failures.statusOf(new IllegalStateException("another"), "m"));
    }

    static Stream<LensFailure> verboseFailures() {
        String kanji = "長".repeat(2_000);
        return Stream.of(
                InvalidFieldException.of(
                        "targets[31].text", InvalidFieldException.Problem.NOT_UNDERSTOOD, kanji, "Give another."),
                new UnknownModelException(kanji, Collections.nCopies(100, kanji)),
                new InvalidCheckpointException(
                        InvalidCheckpointException.Problem.TENSORS,
                        kanji,
                        Collections.nCopies(10_000, "transformer.h.0.attn.bias"),
                        kanji),
                new UnsupportedArchitectureException(kanji, Collections.nCopies(10_000, "llama")));
    }

    @ParameterizedTest
    @MethodSource("verboseFailures")
    void staysWithinTheHeadersThatClientsAccept(LensFailure failure) {
        StatusRuntimeException thrown = failures.exceptionOf(failure, "m");
        Metadata trailers = thrown.getTrailers();
        Status status = StatusProto.fromThrowable(thrown);

        // The message is percent-encoded, the details are base64.
        int message = 3 * status.getMessage().getBytes(StandardCharsets.UTF_8).length;
        int details = status.getSerializedSize() * 4 / 3;
        assertTrue(message + details < HEADER_BYTES - 1_000, message + " + " + details);
        assertTrue(trailers != null && trailers.keys().size() == 1);
    }

    @Test
    void saysThatItCutAList() throws Exception {
        Status status =
                failures.statusOf(new UnknownModelException("x", Collections.nCopies(1_000, "0123456789")), "m");
        UnknownModel detail = status.getDetails(1).unpack(UnknownModel.class);

        assertEquals(71, detail.getServedCount());
        assertEquals("… 930 more", detail.getServed(70));
    }
}
