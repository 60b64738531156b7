package dev.stratalens.server.grpc;

import com.google.protobuf.Message;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.error.PromptTooLongException;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import dev.stratalens.server.error.ManagementDisabledException;
import dev.stratalens.server.error.ModelInUseException;
import dev.stratalens.server.error.ModelMemoryException;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.NotAvailableException;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.error.UnknownModelException;
import dev.stratalens.server.grpc.message.Durations;
import dev.stratalens.v1.CheckpointProblem;
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
import dev.stratalens.v1.NotAvailable;
import dev.stratalens.v1.PromptTooLong;
import dev.stratalens.v1.QueueFull;
import dev.stratalens.v1.ReaderTooSlow;
import dev.stratalens.v1.ServerStopping;
import dev.stratalens.v1.UnknownModel;
import dev.stratalens.v1.UnsupportedArchitecture;
import java.util.Optional;

/** Failures as the contract's typed details. Problems have the same names there as here. */
final class FailureDetail {

    private static final int QUOTE_BYTES = 250;
    private static final int LIST_BYTES = 700;
    private static final int MAX_MODELS = 10;

    private static final String CHECKPOINT_PROBLEM = "CHECKPOINT_PROBLEM_";
    private static final String FIELD_PROBLEM = "FIELD_PROBLEM_";
    private static final String SOURCE_PROBLEM = "MODEL_SOURCE_PROBLEM_";

    private FailureDetail() {}

    /** The detail of a failure; empty where its reason says it all. */
    static Optional<Message> of(LensFailure failure, String model) {
        if (failure instanceof UnknownModelException unknown) {
            return Optional.of(UnknownModel.newBuilder()
                    .setName(Excerpt.of(unknown.name(), QUOTE_BYTES))
                    .addAllServed(Excerpt.of(unknown.served(), LIST_BYTES))
                    .build());
        }
        if (failure instanceof UnsupportedArchitectureException unsupported) {
            return Optional.of(UnsupportedArchitecture.newBuilder()
                    .setModel(model)
                    .setModelType(Excerpt.of(unsupported.modelType(), QUOTE_BYTES))
                    .addAllSupported(Excerpt.of(unsupported.supported(), LIST_BYTES))
                    .build());
        }
        if (failure instanceof InvalidCheckpointException checkpoint) {
            return Optional.of(InvalidCheckpoint.newBuilder()
                    .setModel(model)
                    .setProblem(problemOf(checkpoint))
                    .setFile(Excerpt.of(checkpoint.file(), QUOTE_BYTES))
                    .addAllOffenders(Excerpt.of(checkpoint.offenders(), LIST_BYTES))
                    .build());
        }
        if (failure instanceof ModelSourceException source) {
            return Optional.of(ModelSourceUnavailable.newBuilder()
                    .setModel(model)
                    .setProblem(ModelSourceProblem.valueOf(
                            SOURCE_PROBLEM + source.problem().name()))
                    .build());
        }
        if (failure instanceof NotAvailableException missing) {
            return Optional.of(NotAvailable.newBuilder()
                    .setField(missing.field())
                    .setFeature(missing.feature())
                    .build());
        }
        if (failure instanceof InvalidFieldException field && field.problem() == Problem.NOT_AVAILABLE) {
            return Optional.of(NotAvailable.newBuilder()
                    .setField(field.field())
                    .setFeature(Excerpt.of(field.given(), QUOTE_BYTES))
                    .build());
        }
        if (failure instanceof InvalidFieldException field) {
            InvalidField.Builder detail = InvalidField.newBuilder()
                    .setField(field.field())
                    .setProblem(problemOf(field))
                    .setGiven(Excerpt.of(field.given(), QUOTE_BYTES));
            field.minimum().ifPresent(detail::setMinimum);
            field.maximum().ifPresent(detail::setMaximum);
            return Optional.of(detail.build());
        }
        if (failure instanceof PromptTooLongException prompt) {
            return Optional.of(PromptTooLong.newBuilder()
                    .setTokenCount(prompt.tokenCount())
                    .setLimit(prompt.limit())
                    .build());
        }
        if (failure instanceof MemoryLimitExceededException memory) {
            return Optional.of(MemoryLimitExceeded.newBuilder()
                    .setNeededBytes(memory.neededBytes())
                    .setLimitBytes(memory.limitBytes())
                    .build());
        }
        if (failure instanceof ModelMemoryException memory) {
            ModelMemoryExceeded.Builder detail = ModelMemoryExceeded.newBuilder()
                    .setModel(memory.model())
                    .setNeededBytes(memory.neededBytes())
                    .setBudgetBytes(memory.budgetBytes());
            memory.holders().stream()
                    .limit(MAX_MODELS)
                    .forEach(holder -> detail.addLoaded(
                            LoadedModel.newBuilder().setName(holder.name()).setMemoryBytes(holder.bytes())));
            return Optional.of(detail.build());
        }
        if (failure instanceof ModelInUseException use) {
            ModelInUse.Builder detail = ModelInUse.newBuilder().setModel(use.model());
            if (use.requests() > 0) {
                detail.setRequestCount(use.requests());
            }
            return Optional.of(detail.build());
        }
        if (failure instanceof ManagementDisabledException) {
            return Optional.of(ManagementDisabled.getDefaultInstance());
        }
        if (failure instanceof QueueFullException queue) {
            return Optional.of(QueueFull.newBuilder()
                    .setModel(queue.model())
                    .setCapacity(queue.capacity())
                    .build());
        }
        if (failure instanceof ReaderTooSlowException reader) {
            return Optional.of(ReaderTooSlow.newBuilder()
                    .setWaited(Durations.message(reader.waited()))
                    .build());
        }
        if (failure instanceof ServerStoppingException) {
            return Optional.of(ServerStopping.getDefaultInstance());
        }
        return Optional.empty();
    }

    private static CheckpointProblem problemOf(InvalidCheckpointException failure) {
        return CheckpointProblem.valueOf(CHECKPOINT_PROBLEM + failure.problem().name());
    }

    private static FieldProblem problemOf(InvalidFieldException failure) {
        return FieldProblem.valueOf(FIELD_PROBLEM + failure.problem().name());
    }
}
