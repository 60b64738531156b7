package dev.stratalens.client.internal.call;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.stratalens.client.error.ErrorDetail;
import dev.stratalens.client.error.ErrorDetail.CheckpointProblem;
import dev.stratalens.client.error.ErrorDetail.CredentialProblem;
import dev.stratalens.client.error.ErrorDetail.FieldProblem;
import dev.stratalens.client.error.ErrorDetail.QuotaLimit;
import dev.stratalens.client.error.ErrorDetail.SourceProblem;
import dev.stratalens.client.internal.message.WireDuration;
import dev.stratalens.client.internal.message.WireEnum;
import dev.stratalens.v1.DeadlineTooShort;
import dev.stratalens.v1.InvalidCheckpoint;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.ManagementDisabled;
import dev.stratalens.v1.MemoryLimitExceeded;
import dev.stratalens.v1.ModelInUse;
import dev.stratalens.v1.ModelMemoryExceeded;
import dev.stratalens.v1.ModelSourceUnavailable;
import dev.stratalens.v1.NotAllowed;
import dev.stratalens.v1.NotAvailable;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.QueueFull;
import dev.stratalens.v1.QuotaExceeded;
import dev.stratalens.v1.ReaderTooSlow;
import dev.stratalens.v1.ServerStopping;
import dev.stratalens.v1.Unauthenticated;
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
            return ErrorDetail.UnknownModel.of(wire.getName(), wire.getServedList());
        } else if (any.is(UnsupportedArchitecture.class)) {
            UnsupportedArchitecture wire = any.unpack(UnsupportedArchitecture.class);
            return ErrorDetail.UnsupportedArchitecture.of(
                    wire.getModel(), wire.getModelType(), wire.getSupportedList());
        } else if (any.is(InvalidCheckpoint.class)) {
            InvalidCheckpoint wire = any.unpack(InvalidCheckpoint.class);
            List<String> offenders = wire.getOffendersList();
            return ErrorDetail.InvalidCheckpoint.of(
                    wire.getModel(),
                    WireEnum.read(CheckpointProblem.class, wire.getProblem()).orElse(CheckpointProblem.UNKNOWN),
                    wire.getFile(),
                    offenders);
        } else if (any.is(InvalidField.class)) {
            InvalidField wire = any.unpack(InvalidField.class);
            return ErrorDetail.InvalidField.of(
                    wire.getField(),
                    WireEnum.read(FieldProblem.class, wire.getProblem()).orElse(FieldProblem.UNKNOWN),
                    wire.getGiven(),
                    wire.hasMinimum() ? OptionalLong.of(wire.getMinimum()) : OptionalLong.empty(),
                    wire.hasMaximum() ? OptionalLong.of(wire.getMaximum()) : OptionalLong.empty(),
                    wire.getAllowedList());
        } else if (any.is(PromptTooLong.class)) {
            PromptTooLong wire = any.unpack(PromptTooLong.class);
            return ErrorDetail.PromptTooLong.of(wire.getTokenCount(), wire.getLimit());
        } else if (any.is(MemoryLimitExceeded.class)) {
            MemoryLimitExceeded wire = any.unpack(MemoryLimitExceeded.class);
            return ErrorDetail.MemoryLimitExceeded.of(wire.getNeededBytes(), wire.getLimitBytes());
        } else if (any.is(ModelMemoryExceeded.class)) {
            ModelMemoryExceeded wire = any.unpack(ModelMemoryExceeded.class);
            Map<String, Long> loaded = new LinkedHashMap<>();
            wire.getLoadedList().forEach(model -> loaded.put(model.getName(), model.getMemoryBytes()));
            return ErrorDetail.ModelMemoryExceeded.of(
                    wire.getModel(), wire.getNeededBytes(), wire.getBudgetBytes(), loaded);
        } else if (any.is(ModelInUse.class)) {
            ModelInUse wire = any.unpack(ModelInUse.class);
            return ErrorDetail.ModelInUse.of(
                    wire.getModel(),
                    wire.hasRequestCount() ? OptionalInt.of(wire.getRequestCount()) : OptionalInt.empty());
        } else if (any.is(ManagementDisabled.class)) {
            return ErrorDetail.ManagementDisabled.of();
        } else if (any.is(QueueFull.class)) {
            QueueFull wire = any.unpack(QueueFull.class);
            return ErrorDetail.QueueFull.of(wire.getModel(), wire.getCapacity());
        } else if (any.is(DeadlineTooShort.class)) {
            DeadlineTooShort wire = any.unpack(DeadlineTooShort.class);
            return ErrorDetail.DeadlineTooShort.of(
                    wire.getModel(), WireDuration.read(wire.getNeeded()), WireDuration.read(wire.getLeft()));
        } else if (any.is(QuotaExceeded.class)) {
            QuotaExceeded wire = any.unpack(QuotaExceeded.class);
            return ErrorDetail.QuotaExceeded.of(
                    WireEnum.read(QuotaLimit.class, wire.getLimit()).orElse(QuotaLimit.UNKNOWN), wire.getValue());
        } else if (any.is(ReaderTooSlow.class)) {
            return ErrorDetail.ReaderTooSlow.of(
                    WireDuration.read(any.unpack(ReaderTooSlow.class).getWaited()));
        } else if (any.is(NotAvailable.class)) {
            NotAvailable wire = any.unpack(NotAvailable.class);
            return ErrorDetail.NotAvailable.of(wire.getField(), wire.getFeature());
        } else if (any.is(ModelSourceUnavailable.class)) {
            ModelSourceUnavailable wire = any.unpack(ModelSourceUnavailable.class);
            return ErrorDetail.ModelSourceUnavailable.of(
                    wire.getModel(),
                    WireEnum.read(SourceProblem.class, wire.getProblem()).orElse(SourceProblem.UNKNOWN));
        } else if (any.is(Unauthenticated.class)) {
            Unauthenticated wire = any.unpack(Unauthenticated.class);
            return ErrorDetail.Unauthenticated.of(
                    WireEnum.read(CredentialProblem.class, wire.getProblem()).orElse(CredentialProblem.OTHER));
        } else if (any.is(NotAllowed.class)) {
            NotAllowed wire = any.unpack(NotAllowed.class);
            return ErrorDetail.NotAllowed.of(wire.getRight(), wire.getModel());
        } else if (any.is(ServerStopping.class)) {
            return ErrorDetail.ServerStopping.of();
        }
        return null;
    }
}
