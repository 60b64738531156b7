package dev.stratalens.server.grpc.status;

import com.google.protobuf.Message;
import com.google.rpc.Code;
import dev.stratalens.engine.error.DeviceMemoryException;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.LensCanceledException;
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
import dev.stratalens.server.error.ReaderTooSlowException;
import dev.stratalens.server.error.ServerStoppingException;
import dev.stratalens.server.error.UnauthenticatedException;
import dev.stratalens.server.error.UnknownModelException;
import dev.stratalens.server.grpc.message.DurationMessages;
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
import java.time.Duration;
import java.util.Optional;

/**
 * What the contract calls a failure. Problems have the same names there as here.
 *
 * @param retryAfter pause after which a retry can help; empty where it cannot
 * @param detail typed facts; empty where the reason says it all
 */
record FailureKind(Reason reason, Code code, Optional<Duration> retryAfter, Optional<Message> detail) {

    /** Until a place in a queue is free, or another replica is asked. */
    private static final Duration SOON = Duration.ofSeconds(1);
    /** Until a model is free, or a hub answers: as long as a failure to load is remembered at least. */
    private static final Duration LATER = Duration.ofSeconds(5);

    private static final int QUOTE_BYTES = 250;
    private static final int LIST_BYTES = 700;
    private static final int MAX_MODELS = 10;

    /** The only kind of device that may be missing. */
    private static final String CUDA = "cuda";

    private static final String CHECKPOINT_PROBLEM = "CHECKPOINT_PROBLEM_";
    private static final String CREDENTIAL_PROBLEM = "CREDENTIAL_PROBLEM_";
    private static final String FIELD_PROBLEM = "FIELD_PROBLEM_";
    private static final String QUOTA_LIMIT = "QUOTA_LIMIT_";
    private static final String SOURCE_PROBLEM = "MODEL_SOURCE_PROBLEM_";

    private FailureKind(Reason reason, Code code) {
        this(reason, code, Optional.empty(), Optional.empty());
    }

    /**
     * The kind of a failure; of what is not known to this package, a fault of the server.
     *
     * @param model the model that was asked, for details that name it
     */
    static FailureKind of(Throwable failure, String model) {
        if (failure instanceof InvalidFieldException field) {
            return ofField(field);
        }
        if (failure instanceof PromptTooLongException prompt) {
            return new FailureKind(Reason.REASON_PROMPT_TOO_LONG, Code.INVALID_ARGUMENT)
                    .with(PromptTooLong.newBuilder()
                            .setTokenCount(prompt.tokenCount())
                            .setLimit(prompt.limit()));
        }
        if (failure instanceof MemoryLimitExceededException memory) {
            return new FailureKind(Reason.REASON_MEMORY_LIMIT_EXCEEDED, Code.RESOURCE_EXHAUSTED)
                    .with(MemoryLimitExceeded.newBuilder()
                            .setNeededBytes(memory.neededBytes())
                            .setLimitBytes(memory.limitBytes()));
        }
        if (failure instanceof DeviceMemoryException memory) {
            return new FailureKind(Reason.REASON_MEMORY_LIMIT_EXCEEDED, Code.RESOURCE_EXHAUSTED)
                    .with(MemoryLimitExceeded.newBuilder()
                            .setNeededBytes(memory.neededBytes())
                            .setLimitBytes(memory.freeBytes()));
        }
        if (failure instanceof QueueFullException queue) {
            return new FailureKind(Reason.REASON_QUEUE_FULL, Code.RESOURCE_EXHAUSTED)
                    .with(QueueFull.newBuilder().setModel(queue.model()).setCapacity(queue.capacity()))
                    .retryable(SOON);
        }
        if (failure instanceof DeadlineTooShortException deadline) {
            return new FailureKind(Reason.REASON_DEADLINE_TOO_SHORT, Code.RESOURCE_EXHAUSTED)
                    .with(DeadlineTooShort.newBuilder()
                            .setModel(deadline.model())
                            .setNeeded(DurationMessages.message(deadline.needed()))
                            .setLeft(DurationMessages.message(deadline.left())))
                    .retryable(deadline.retryAfter());
        }
        if (failure instanceof QuotaExceededException quota) {
            FailureKind kind = new FailureKind(Reason.REASON_QUOTA_EXCEEDED, Code.RESOURCE_EXHAUSTED)
                    .with(QuotaExceeded.newBuilder()
                            .setLimit(QuotaLimit.valueOf(
                                    QUOTA_LIMIT + quota.limit().name()))
                            .setValue(quota.value()));
            return quota.retryAfter().map(kind::retryable).orElse(kind);
        }
        if (failure instanceof ReaderTooSlowException reader) {
            return new FailureKind(Reason.REASON_READER_TOO_SLOW, Code.RESOURCE_EXHAUSTED)
                    .with(ReaderTooSlow.newBuilder().setWaited(DurationMessages.message(reader.waited())));
        }
        if (failure instanceof ServerStoppingException) {
            return new FailureKind(Reason.REASON_SERVER_STOPPING, Code.UNAVAILABLE)
                    .with(ServerStopping.newBuilder())
                    .retryable(SOON);
        }
        if (failure instanceof UnauthenticatedException unknown) {
            return new FailureKind(Reason.REASON_UNAUTHENTICATED, Code.UNAUTHENTICATED)
                    .with(Unauthenticated.newBuilder()
                            .setProblem(CredentialProblem.valueOf(
                                    CREDENTIAL_PROBLEM + unknown.problem().name())));
        }
        if (failure instanceof NotAllowedException refused) {
            return new FailureKind(Reason.REASON_NOT_ALLOWED, Code.PERMISSION_DENIED)
                    .with(NotAllowed.newBuilder().setRight(refused.right()).setModel(refused.model()));
        }
        if (failure instanceof LensCanceledException) {
            return new FailureKind(Reason.REASON_CANCELLED, Code.CANCELLED);
        }
        return ofModel(failure, model);
    }

    private static FailureKind ofModel(Throwable failure, String model) {
        if (failure instanceof UnknownModelException unknown) {
            return new FailureKind(Reason.REASON_UNKNOWN_MODEL, Code.NOT_FOUND)
                    .with(UnknownModel.newBuilder()
                            .setName(Excerpt.of(unknown.name(), QUOTE_BYTES))
                            .addAllServed(Excerpt.of(unknown.served(), LIST_BYTES)));
        }
        if (failure instanceof UnsupportedArchitectureException unsupported) {
            return new FailureKind(Reason.REASON_UNSUPPORTED_ARCHITECTURE, Code.UNIMPLEMENTED)
                    .with(UnsupportedArchitecture.newBuilder()
                            .setModel(model)
                            .setModelType(Excerpt.of(unsupported.modelType(), QUOTE_BYTES))
                            .addAllSupported(Excerpt.of(unsupported.supported(), LIST_BYTES)));
        }
        if (failure instanceof InvalidCheckpointException checkpoint) {
            return new FailureKind(Reason.REASON_INVALID_CHECKPOINT, Code.FAILED_PRECONDITION)
                    .with(InvalidCheckpoint.newBuilder()
                            .setModel(model)
                            .setProblem(CheckpointProblem.valueOf(
                                    CHECKPOINT_PROBLEM + checkpoint.problem().name()))
                            .setFile(Excerpt.of(checkpoint.file(), QUOTE_BYTES))
                            .addAllOffenders(Excerpt.of(checkpoint.offenders(), LIST_BYTES)));
        }
        if (failure instanceof ModelSourceException source) {
            return ofSource(source.problem())
                    .with(ModelSourceUnavailable.newBuilder()
                            .setModel(model)
                            .setProblem(ModelSourceProblem.valueOf(
                                    SOURCE_PROBLEM + source.problem().name())));
        }
        if (failure instanceof ModelMemoryException memory) {
            return ofMemory(memory);
        }
        if (failure instanceof DeviceUnavailableException) {
            return notAvailable("device", CUDA);
        }
        if (failure instanceof ModelTooLargeException large) {
            return new FailureKind(Reason.REASON_MODEL_MEMORY_EXCEEDED, Code.RESOURCE_EXHAUSTED)
                    .with(ModelMemoryExceeded.newBuilder()
                            .setModel(model)
                            .setNeededBytes(large.neededBytes())
                            .setBudgetBytes(large.freeBytes()));
        }
        if (failure instanceof ModelInUseException use) {
            ModelInUse.Builder detail = ModelInUse.newBuilder().setModel(use.model());
            if (use.requests() > 0) {
                detail.setRequestCount(use.requests());
            }
            return new FailureKind(Reason.REASON_MODEL_IN_USE, Code.FAILED_PRECONDITION)
                    .with(detail)
                    .retryable(LATER);
        }
        if (failure instanceof ManagementDisabledException) {
            return new FailureKind(Reason.REASON_MANAGEMENT_DISABLED, Code.PERMISSION_DENIED)
                    .with(ManagementDisabled.newBuilder());
        }
        return new FailureKind(Reason.REASON_INTERNAL_FAULT, Code.INTERNAL);
    }

    private static FailureKind ofField(InvalidFieldException failure) {
        if (failure.problem() == Problem.NOT_AVAILABLE) {
            return notAvailable(failure.field(), Excerpt.of(failure.given(), QUOTE_BYTES));
        }
        InvalidField.Builder detail = InvalidField.newBuilder()
                .setField(failure.field())
                .setProblem(
                        FieldProblem.valueOf(FIELD_PROBLEM + failure.problem().name()))
                .setGiven(Excerpt.of(failure.given(), QUOTE_BYTES));
        failure.minimum().ifPresent(detail::setMinimum);
        failure.maximum().ifPresent(detail::setMaximum);
        failure.allowed().forEach(name -> detail.addAllowed(Excerpt.of(name, QUOTE_BYTES)));
        return new FailureKind(Reason.REASON_INVALID_FIELD, Code.INVALID_ARGUMENT).with(detail);
    }

    private static FailureKind notAvailable(String field, String feature) {
        return new FailureKind(Reason.REASON_NOT_AVAILABLE, Code.UNIMPLEMENTED)
                .with(NotAvailable.newBuilder().setField(field).setFeature(feature));
    }

    private static FailureKind ofSource(ModelSourceException.Problem problem) {
        return switch (problem) {
            case STORAGE, UNREACHABLE, DAMAGED ->
                new FailureKind(Reason.REASON_MODEL_SOURCE_UNAVAILABLE, Code.UNAVAILABLE).retryable(LATER);
            case NOT_FOUND, ACCESS_DENIED, NOT_CACHED, UNUSABLE ->
                new FailureKind(Reason.REASON_MODEL_SOURCE_UNAVAILABLE, Code.FAILED_PRECONDITION);
        };
    }

    private static FailureKind ofMemory(ModelMemoryException failure) {
        ModelMemoryExceeded.Builder detail = ModelMemoryExceeded.newBuilder()
                .setModel(failure.model())
                .setNeededBytes(failure.neededBytes())
                .setBudgetBytes(failure.budgetBytes());
        failure.holders().stream()
                .limit(MAX_MODELS)
                .forEach(holder -> detail.addLoaded(
                        LoadedModel.newBuilder().setName(holder.name()).setMemoryBytes(holder.bytes())));
        FailureKind kind = new FailureKind(Reason.REASON_MODEL_MEMORY_EXCEEDED, Code.RESOURCE_EXHAUSTED).with(detail);
        return failure.neededBytes() <= failure.budgetBytes() ? kind.retryable(LATER) : kind;
    }

    private FailureKind with(Message.Builder facts) {
        return new FailureKind(reason, code, retryAfter, Optional.of(facts.build()));
    }

    private FailureKind retryable(Duration after) {
        return new FailureKind(reason, code, Optional.of(after), detail);
    }
}
