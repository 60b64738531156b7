package dev.stratalens.server.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.LensCancelledException;
import dev.stratalens.engine.error.LensFailure;
import dev.stratalens.engine.error.MemoryLimitExceededException;
import dev.stratalens.engine.error.PromptTooLongException;
import dev.stratalens.engine.error.UnsupportedArchitectureException;
import dev.stratalens.server.error.ManagementDisabledException;
import dev.stratalens.server.error.ModelInUseException;
import dev.stratalens.server.error.ModelMemoryException;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.QueueFullException;
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.error.UnknownModelException;
import dev.stratalens.v1.CheckpointProblem;
import dev.stratalens.v1.FieldProblem;
import dev.stratalens.v1.InvalidCheckpoint;
import dev.stratalens.v1.InvalidField;
import dev.stratalens.v1.LoadedModel;
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
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Collections;
import java.util.Map;
import java.util.UUID;
import java.util.WeakHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that turns failures into statuses with typed details. What is no {@link LensFailure} is a fault of the
 * server: it is logged with an id, and the caller gets the id and nothing else. Thread-safe.
 */
public final class FailureStatus {

    private static final Logger LOG = LoggerFactory.getLogger(FailureStatus.class);
    private static final int MESSAGE_BYTES = 1_000;
    private static final int QUOTE_BYTES = 250;
    private static final int LIST_BYTES = 1_000;

    // A model that failed to load gives every caller the same fault: one fault, one id, one line in the log.
    private final Map<Throwable, String> faultIds = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * The status of a failure, as an exception for a stream observer.
     *
     * @param model the model that was asked, for details that name it
     */
    public StatusRuntimeException exceptionOf(Throwable failure, String model) {
        return failure instanceof StatusRuntimeException set
                ? set
                : StatusProto.toStatusRuntimeException(statusOf(failure, model));
    }

    /** The status of a failure, as a message. */
    public Status statusOf(Throwable failure, String model) {
        if (!(failure instanceof LensFailure known)) {
            return Status.newBuilder()
                    .setCode(Code.INTERNAL_VALUE)
                    .setMessage("The server failed. Report this, with the id that its log repeats: " + faultId(failure)
                            + ".")
                    .build();
        }
        Status.Builder status = Status.newBuilder()
                .setCode(codeOf(known).getNumber())
                .setMessage(Excerpt.of(known.getMessage(), MESSAGE_BYTES));
        if (!(known instanceof LensCancelledException)) {
            status.addDetails(Any.pack(detailOf(known, model)));
        }
        return status.build();
    }

    private String faultId(Throwable fault) {
        return faultIds.computeIfAbsent(fault, unseen -> {
            String id = UUID.randomUUID().toString();
            LOG.error("Fault {}", id, unseen);
            return id;
        });
    }

    private static Code codeOf(LensFailure failure) {
        if (failure instanceof UnknownModelException) {
            return Code.NOT_FOUND;
        }
        if (failure instanceof UnsupportedArchitectureException) {
            return Code.UNIMPLEMENTED;
        }
        if (failure instanceof InvalidCheckpointException
                || failure instanceof ModelSourceException
                || failure instanceof ModelInUseException) {
            return Code.FAILED_PRECONDITION;
        }
        if (failure instanceof ManagementDisabledException) {
            return Code.PERMISSION_DENIED;
        }
        if (failure instanceof InvalidFieldException || failure instanceof PromptTooLongException) {
            return Code.INVALID_ARGUMENT;
        }
        if (failure instanceof ServerStoppingException) {
            return Code.UNAVAILABLE;
        }
        if (failure instanceof LensCancelledException) {
            return Code.CANCELLED;
        }
        return Code.RESOURCE_EXHAUSTED;
    }

    private static Message detailOf(LensFailure failure, String model) {
        if (failure instanceof UnknownModelException unknown) {
            return UnknownModel.newBuilder()
                    .setName(Excerpt.of(unknown.name(), QUOTE_BYTES))
                    .addAllServed(Excerpt.of(unknown.served(), LIST_BYTES))
                    .build();
        }
        if (failure instanceof UnsupportedArchitectureException unsupported) {
            return UnsupportedArchitecture.newBuilder()
                    .setModel(model)
                    .setModelType(Excerpt.of(unsupported.modelType(), QUOTE_BYTES))
                    .addAllSupported(Excerpt.of(unsupported.supported(), LIST_BYTES))
                    .build();
        }
        if (failure instanceof InvalidCheckpointException checkpoint) {
            return InvalidCheckpoint.newBuilder()
                    .setModel(model)
                    .setProblem(problemOf(checkpoint))
                    .setFile(Excerpt.of(checkpoint.file(), QUOTE_BYTES))
                    .addAllOffenders(Excerpt.of(checkpoint.offenders(), LIST_BYTES))
                    .build();
        }
        if (failure instanceof ModelSourceException) {
            return InvalidCheckpoint.newBuilder()
                    .setModel(model)
                    .setProblem(CheckpointProblem.CHECKPOINT_PROBLEM_MISSING_FILE)
                    .build();
        }
        if (failure instanceof InvalidFieldException field) {
            InvalidField.Builder detail = InvalidField.newBuilder()
                    .setField(field.field())
                    .setProblem(problemOf(field))
                    .setGiven(Excerpt.of(field.given(), QUOTE_BYTES));
            field.minimum().ifPresent(detail::setMinimum);
            field.maximum().ifPresent(detail::setMaximum);
            return detail.build();
        }
        if (failure instanceof PromptTooLongException prompt) {
            return PromptTooLong.newBuilder()
                    .setTokenCount(prompt.tokenCount())
                    .setLimit(prompt.limit())
                    .build();
        }
        if (failure instanceof MemoryLimitExceededException memory) {
            return MemoryLimitExceeded.newBuilder()
                    .setNeededBytes(memory.neededBytes())
                    .setLimitBytes(memory.limitBytes())
                    .build();
        }
        if (failure instanceof ModelMemoryException memory) {
            ModelMemoryExceeded.Builder detail = ModelMemoryExceeded.newBuilder()
                    .setModel(memory.model())
                    .setNeededBytes(memory.neededBytes())
                    .setBudgetBytes(memory.budgetBytes());
            memory.holders()
                    .forEach(holder -> detail.addLoaded(
                            LoadedModel.newBuilder().setName(holder.name()).setMemoryBytes(holder.bytes())));
            return detail.build();
        }
        if (failure instanceof ModelInUseException use) {
            return ModelInUse.newBuilder()
                    .setModel(use.model())
                    .setRequests(use.requests())
                    .build();
        }
        if (failure instanceof ManagementDisabledException) {
            return ManagementDisabled.getDefaultInstance();
        }
        if (failure instanceof QueueFullException queue) {
            return QueueFull.newBuilder()
                    .setModel(queue.model())
                    .setCapacity(queue.capacity())
                    .build();
        }
        if (failure instanceof ReaderTooSlowException reader) {
            return ReaderTooSlow.newBuilder()
                    .setWaitedSeconds(reader.waited().toNanos() / 1e9)
                    .build();
        }
        if (failure instanceof ServerStoppingException) {
            return ServerStopping.getDefaultInstance();
        }
        throw new IllegalArgumentException("A failure without a detail: " + failure.getClass());
    }

    private static CheckpointProblem problemOf(InvalidCheckpointException failure) {
        return switch (failure.problem()) {
            case MISSING_FILE -> CheckpointProblem.CHECKPOINT_PROBLEM_MISSING_FILE;
            case TRUNCATED -> CheckpointProblem.CHECKPOINT_PROBLEM_TRUNCATED;
            case CORRUPT -> CheckpointProblem.CHECKPOINT_PROBLEM_CORRUPT;
            case TENSORS -> CheckpointProblem.CHECKPOINT_PROBLEM_TENSORS;
            case CONFIGURATION -> CheckpointProblem.CHECKPOINT_PROBLEM_CONFIGURATION;
            case TOKENIZER -> CheckpointProblem.CHECKPOINT_PROBLEM_TOKENIZER;
        };
    }

    private static FieldProblem problemOf(InvalidFieldException failure) {
        return switch (failure.problem()) {
            case MISSING -> FieldProblem.FIELD_PROBLEM_MISSING;
            case OUT_OF_RANGE -> FieldProblem.FIELD_PROBLEM_OUT_OF_RANGE;
            case DUPLICATE -> FieldProblem.FIELD_PROBLEM_DUPLICATE;
            case TOO_MANY -> FieldProblem.FIELD_PROBLEM_TOO_MANY;
            case NOT_UNDERSTOOD, NOT_AVAILABLE -> FieldProblem.FIELD_PROBLEM_NOT_UNDERSTOOD;
        };
    }
}
