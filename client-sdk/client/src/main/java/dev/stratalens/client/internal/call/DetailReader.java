package dev.stratalens.client.internal;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.ErrorDetail.CheckpointProblem;
import dev.stratalens.client.error.ErrorDetail.FieldProblem;
import dev.stratalens.client.error.ErrorDetail.SourceProblem;
import dev.stratalens.v1.InvalidCheckpoint;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.ManagementDisabled;
import dev.stratalens.v1.MemoryLimitExceeded;
import dev.stratalens.v1.ModelInUse;
import dev.stratalens.v1.ModelMemoryExceeded;
import dev.stratalens.v1.ModelSourceProblem;
import dev.stratalens.v1.ModelSourceUnavailable;
import dev.stratalens.v1.NotAvailable;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.QueueFull;
import dev.stratalens.v1.ReaderTooSlow;
import dev.stratalens.v1.ServerStopping;
import dev.stratalens.v1.UnknownModel;
import dev.stratalens.v1.UnsupportedArchitecture;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** From the typed details of a failure to the SDK's. */
final class DetailReader {

    private DetailReader() {}

    /** The detail; null if this client does not know its type. */
    static @Nullable ErrorDetail read(Any any) throws InvalidProtocolBufferException {
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
            return new ErrorDetail.ModelInUse(
                    wire.getModel(),
                    wire.hasRequestCount() ? OptionalInt.of(wire.getRequestCount()) : OptionalInt.empty());
        } else if (any.is(ManagementDisabled.class)) {
            return new ErrorDetail.ManagementDisabled();
        } else if (any.is(QueueFull.class)) {
            QueueFull wire = any.unpack(QueueFull.class);
            return new ErrorDetail.QueueFull(wire.getModel(), wire.getCapacity());
        } else if (any.is(ReaderTooSlow.class)) {
            return new ErrorDetail.ReaderTooSlow(
                    Durations.read(any.unpack(ReaderTooSlow.class).getWaited()));
        } else if (any.is(NotAvailable.class)) {
            NotAvailable wire = any.unpack(NotAvailable.class);
            return new ErrorDetail.NotAvailable(wire.getField(), wire.getFeature());
        } else if (any.is(ModelSourceUnavailable.class)) {
            ModelSourceUnavailable wire = any.unpack(ModelSourceUnavailable.class);
            return new ErrorDetail.ModelSourceUnavailable(wire.getModel(), problem(wire.getProblem()));
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
            case CHECKPOINT_PROBLEM_OVERFLOW -> CheckpointProblem.OVERFLOW;
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

    private static SourceProblem problem(ModelSourceProblem problem) {
        return switch (problem) {
            case MODEL_SOURCE_PROBLEM_NOT_FOUND -> SourceProblem.NOT_FOUND;
            case MODEL_SOURCE_PROBLEM_ACCESS_DENIED -> SourceProblem.ACCESS_DENIED;
            case MODEL_SOURCE_PROBLEM_NOT_CACHED -> SourceProblem.NOT_CACHED;
            case MODEL_SOURCE_PROBLEM_STORAGE -> SourceProblem.STORAGE;
            case MODEL_SOURCE_PROBLEM_UNREACHABLE -> SourceProblem.UNREACHABLE;
            case MODEL_SOURCE_PROBLEM_DAMAGED -> SourceProblem.DAMAGED;
            case MODEL_SOURCE_PROBLEM_UNUSABLE -> SourceProblem.UNUSABLE;
            case MODEL_SOURCE_PROBLEM_UNSPECIFIED, UNRECOGNIZED -> SourceProblem.UNKNOWN;
        };
    }
}
