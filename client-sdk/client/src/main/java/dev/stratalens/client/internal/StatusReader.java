package dev.stratalens.client.internal;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.ErrorDetail.CheckpointProblem;
import dev.stratalens.client.error.ErrorDetail.FieldProblem;
import dev.stratalens.client.error.LensException;
import dev.stratalens.v1.InvalidCheckpoint;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.ManagementDisabled;
import dev.stratalens.v1.MemoryLimitExceeded;
import dev.stratalens.v1.ModelInUse;
import dev.stratalens.v1.ModelMemoryExceeded;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.QueueFull;
import dev.stratalens.v1.ReaderTooSlow;
import dev.stratalens.v1.ServerStopping;
import dev.stratalens.v1.UnknownModel;
import dev.stratalens.v1.UnsupportedArchitecture;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one place where a gRPC status with its details becomes a {@link LensException}. */
public final class StatusReader {

    private static final String CONNECTION_REMEDY =
            "Check that the server runs, its host and port, whether it speaks TLS or plain text, and with TLS that its certificate is trusted.";

    /** What Netty puts before the system's own words. */
    private static final Pattern SYSTEM_CALL = Pattern.compile("\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private StatusReader() {}

    /** The exception for a status that is not OK. */
    public static LensException read(Status status, @Nullable Metadata trailers) {
        ErrorDetail detail = detail(status, trailers);
        ErrorCode code = detail == null ? code(status) : code(detail);
        return new LensException(code, message(status, detail != null), detail, status.asRuntimeException(trailers));
    }

    private static ErrorCode code(ErrorDetail detail) {
        if (detail instanceof ErrorDetail.UnknownModel) {
            return ErrorCode.UNKNOWN_MODEL;
        } else if (detail instanceof ErrorDetail.UnsupportedArchitecture) {
            return ErrorCode.UNSUPPORTED_ARCHITECTURE;
        } else if (detail instanceof ErrorDetail.InvalidCheckpoint) {
            return ErrorCode.INVALID_CHECKPOINT;
        } else if (detail instanceof ErrorDetail.InvalidField) {
            return ErrorCode.INVALID_REQUEST;
        } else if (detail instanceof ErrorDetail.PromptTooLong) {
            return ErrorCode.PROMPT_TOO_LONG;
        } else if (detail instanceof ErrorDetail.MemoryLimitExceeded) {
            return ErrorCode.MEMORY_LIMIT;
        } else if (detail instanceof ErrorDetail.ModelMemoryExceeded) {
            return ErrorCode.MODEL_MEMORY;
        } else if (detail instanceof ErrorDetail.ModelInUse) {
            return ErrorCode.MODEL_IN_USE;
        } else if (detail instanceof ErrorDetail.ManagementDisabled) {
            return ErrorCode.NOT_ALLOWED;
        } else if (detail instanceof ErrorDetail.QueueFull) {
            return ErrorCode.QUEUE_FULL;
        } else if (detail instanceof ErrorDetail.ReaderTooSlow) {
            return ErrorCode.READER_TOO_SLOW;
        }
        return ErrorCode.UNAVAILABLE; // ServerStopping
    }

    /** Where no typed detail says more: proxies, other servers, and gRPC itself. */
    private static ErrorCode code(Status status) {
        return switch (status.getCode()) {
            case NOT_FOUND -> ErrorCode.UNKNOWN_MODEL;
            case FAILED_PRECONDITION -> ErrorCode.INVALID_CHECKPOINT;
            case INVALID_ARGUMENT, OUT_OF_RANGE, PERMISSION_DENIED, UNAUTHENTICATED -> ErrorCode.INVALID_REQUEST;
            case RESOURCE_EXHAUSTED -> ErrorCode.MEMORY_LIMIT;
            case UNAVAILABLE, ABORTED -> ErrorCode.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> ErrorCode.DEADLINE_EXCEEDED;
            case CANCELLED -> isUnreadable(status) ? ErrorCode.BROKEN_STREAM : ErrorCode.CANCELLED;
            case DATA_LOSS -> ErrorCode.BROKEN_STREAM;
            case OK, UNKNOWN, ALREADY_EXISTS, INTERNAL, UNIMPLEMENTED -> ErrorCode.INTERNAL;
        };
    }

    /** gRPC cancels a call by itself where a message is no protocol buffer. */
    private static boolean isUnreadable(Status status) {
        for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidProtocolBufferException) {
                return true;
            }
        }
        return false;
    }

    private static String message(Status status, boolean hasDetail) {
        Throwable cause = status.getCause();
        StringBuilder words = new StringBuilder(
                status.getDescription() == null ? status.getCode().name() : status.getDescription());
        if (cause != null && cause.getMessage() != null) {
            words.append(" (").append(cause.getMessage().strip()).append(')');
        }
        if (status.getCode() == Status.Code.UNAVAILABLE && !hasDetail) {
            return SYSTEM_CALL.matcher(words).replaceAll("") + ". " + CONNECTION_REMEDY;
        } else if (status.getCode() == Status.Code.UNIMPLEMENTED && !hasDetail) {
            words.append("; check that this is a Stratalens server of the client's version");
        }
        return words.toString();
    }

    private static @Nullable ErrorDetail detail(Status status, @Nullable Metadata trailers) {
        com.google.rpc.Status rich = StatusProto.fromStatusAndTrailers(status, trailers);
        for (Any any : rich.getDetailsList()) {
            try {
                ErrorDetail detail = detail(any);
                if (detail != null) {
                    return detail;
                }
            } catch (InvalidProtocolBufferException unreadable) {
                // It says nothing then; code and message remain.
            }
        }
        return null;
    }

    private static @Nullable ErrorDetail detail(Any any) throws InvalidProtocolBufferException {
        if (any.is(UnknownModel.class)) {
            UnknownModel wire = any.unpack(UnknownModel.class);
            return new ErrorDetail.UnknownModel(wire.getName(), wire.getServedList());
        } else if (any.is(UnsupportedArchitecture.class)) {
            UnsupportedArchitecture wire = any.unpack(UnsupportedArchitecture.class);
            return new ErrorDetail.UnsupportedArchitecture(
                    wire.getModel(), wire.getModelType(), wire.getSupportedList());
        } else if (any.is(InvalidCheckpoint.class)) {
            InvalidCheckpoint wire = any.unpack(InvalidCheckpoint.class);
            List<String> offenders = wire.getOffendersList();
            return new ErrorDetail.InvalidCheckpoint(
                    wire.getModel(), problem(wire.getProblem()), wire.getFile(), offenders);
        } else if (any.is(InvalidField.class)) {
            InvalidField wire = any.unpack(InvalidField.class);
            return new ErrorDetail.InvalidField(
                    wire.getField(),
                    problem(wire.getProblem()),
                    wire.getGiven(),
                    wire.hasMinimum() ? OptionalLong.of(wire.getMinimum()) : OptionalLong.empty(),
                    wire.hasMaximum() ? OptionalLong.of(wire.getMaximum()) : OptionalLong.empty());
        } else if (any.is(PromptTooLong.class)) {
            PromptTooLong wire = any.unpack(PromptTooLong.class);
            return new ErrorDetail.PromptTooLong(wire.getTokenCount(), wire.getLimit());
        } else if (any.is(MemoryLimitExceeded.class)) {
            MemoryLimitExceeded wire = any.unpack(MemoryLimitExceeded.class);
            return new ErrorDetail.MemoryLimitExceeded(wire.getNeededBytes(), wire.getLimitBytes());
        } else if (any.is(ModelMemoryExceeded.class)) {
            ModelMemoryExceeded wire = any.unpack(ModelMemoryExceeded.class);
            Map<String, Long> loaded = new LinkedHashMap<>();
            wire.getLoadedList().forEach(model -> loaded.put(model.getName(), model.getMemoryBytes()));
            return new ErrorDetail.ModelMemoryExceeded(
                    wire.getModel(), wire.getNeededBytes(), wire.getBudgetBytes(), loaded);
        } else if (any.is(ModelInUse.class)) {
            ModelInUse wire = any.unpack(ModelInUse.class);
            return new ErrorDetail.ModelInUse(wire.getModel(), wire.getRequests());
        } else if (any.is(ManagementDisabled.class)) {
            return new ErrorDetail.ManagementDisabled();
        } else if (any.is(QueueFull.class)) {
            QueueFull wire = any.unpack(QueueFull.class);
            return new ErrorDetail.QueueFull(wire.getModel(), wire.getCapacity());
        } else if (any.is(ReaderTooSlow.class)) {
            double seconds = any.unpack(ReaderTooSlow.class).getWaitedSeconds();
            return new ErrorDetail.ReaderTooSlow(Duration.ofNanos((long) (seconds * 1e9)));
        } else if (any.is(ServerStopping.class)) {
            return new ErrorDetail.ServerStopping();
        }
        return null;
    }

    private static CheckpointProblem problem(dev.stratalens.v1.CheckpointProblem problem) {
        return switch (problem) {
            case CHECKPOINT_PROBLEM_MISSING_FILE -> CheckpointProblem.MISSING_FILE;
            case CHECKPOINT_PROBLEM_TRUNCATED -> CheckpointProblem.TRUNCATED;
            case CHECKPOINT_PROBLEM_CORRUPT -> CheckpointProblem.CORRUPT;
            case CHECKPOINT_PROBLEM_TENSORS -> CheckpointProblem.TENSORS;
            case CHECKPOINT_PROBLEM_CONFIGURATION -> CheckpointProblem.CONFIGURATION;
            case CHECKPOINT_PROBLEM_TOKENIZER -> CheckpointProblem.TOKENIZER;
            case CHECKPOINT_PROBLEM_UNSPECIFIED, UNRECOGNIZED -> CheckpointProblem.UNKNOWN;
        };
    }

    private static FieldProblem problem(dev.stratalens.v1.FieldProblem problem) {
        return switch (problem) {
            case FIELD_PROBLEM_MISSING -> FieldProblem.MISSING;
            case FIELD_PROBLEM_OUT_OF_RANGE -> FieldProblem.OUT_OF_RANGE;
            case FIELD_PROBLEM_DUPLICATE -> FieldProblem.DUPLICATE;
            case FIELD_PROBLEM_TOO_MANY -> FieldProblem.TOO_MANY;
            case FIELD_PROBLEM_NOT_UNDERSTOOD -> FieldProblem.NOT_UNDERSTOOD;
            case FIELD_PROBLEM_UNSPECIFIED, UNRECOGNIZED -> FieldProblem.UNKNOWN;
        };
    }
}
