package dev.stratalens.server.grpc;

import com.google.rpc.Code;
import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import dev.stratalens.engine.error.LensCancelledException;
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
import dev.stratalens.v1.Reason;
import java.time.Duration;
import java.util.Optional;

/**
 * What kind of failure the contract calls it.
 *
 * @param retryAfter pause after which a retry can help; empty where it cannot
 */
record FailureKind(Reason reason, Code code, Optional<Duration> retryAfter) {

    /** Until a place in a queue is free, or another replica is asked. */
    private static final Duration SOON = Duration.ofSeconds(1);
    /** Until a model is free, or a hub answers: as long as a failure to load is remembered at least. */
    private static final Duration LATER = Duration.ofSeconds(5);

    /** The kind of a failure; of what is not known to this package, a fault of the server. */
    static FailureKind of(Throwable failure) {
        if (failure instanceof UnknownModelException) {
            return of(Reason.REASON_UNKNOWN_MODEL, Code.NOT_FOUND);
        }
        if (failure instanceof UnsupportedArchitectureException) {
            return of(Reason.REASON_UNSUPPORTED_ARCHITECTURE, Code.UNIMPLEMENTED);
        }
        if (failure instanceof NotAvailableException
                || (failure instanceof InvalidFieldException field && field.problem() == Problem.NOT_AVAILABLE)) {
            return of(Reason.REASON_NOT_AVAILABLE, Code.UNIMPLEMENTED);
        }
        if (failure instanceof InvalidCheckpointException) {
            return of(Reason.REASON_INVALID_CHECKPOINT, Code.FAILED_PRECONDITION);
        }
        if (failure instanceof ModelSourceException source) {
            return ofSource(source.problem());
        }
        if (failure instanceof InvalidFieldException) {
            return of(Reason.REASON_INVALID_FIELD, Code.INVALID_ARGUMENT);
        }
        if (failure instanceof PromptTooLongException) {
            return of(Reason.REASON_PROMPT_TOO_LONG, Code.INVALID_ARGUMENT);
        }
        if (failure instanceof MemoryLimitExceededException) {
            return of(Reason.REASON_MEMORY_LIMIT_EXCEEDED, Code.RESOURCE_EXHAUSTED);
        }
        if (failure instanceof ModelMemoryException memory) {
            return memory.neededBytes() <= memory.budgetBytes()
                    ? retryable(Reason.REASON_MODEL_MEMORY_EXCEEDED, Code.RESOURCE_EXHAUSTED, LATER)
                    : of(Reason.REASON_MODEL_MEMORY_EXCEEDED, Code.RESOURCE_EXHAUSTED);
        }
        if (failure instanceof ModelInUseException) {
            return retryable(Reason.REASON_MODEL_IN_USE, Code.FAILED_PRECONDITION, LATER);
        }
        if (failure instanceof ManagementDisabledException) {
            return of(Reason.REASON_MANAGEMENT_DISABLED, Code.PERMISSION_DENIED);
        }
        if (failure instanceof QueueFullException) {
            return retryable(Reason.REASON_QUEUE_FULL, Code.RESOURCE_EXHAUSTED, SOON);
        }
        if (failure instanceof ReaderTooSlowException) {
            return of(Reason.REASON_READER_TOO_SLOW, Code.RESOURCE_EXHAUSTED);
        }
        if (failure instanceof ServerStoppingException) {
            return retryable(Reason.REASON_SERVER_STOPPING, Code.UNAVAILABLE, SOON);
        }
        if (failure instanceof LensCancelledException) {
            return of(Reason.REASON_CANCELLED, Code.CANCELLED);
        }
        return of(Reason.REASON_INTERNAL_FAULT, Code.INTERNAL);
    }

    private static FailureKind ofSource(ModelSourceException.Problem problem) {
        return switch (problem) {
            case STORAGE, UNREACHABLE, DAMAGED ->
                retryable(Reason.REASON_MODEL_SOURCE_UNAVAILABLE, Code.UNAVAILABLE, LATER);
            case NOT_FOUND, ACCESS_DENIED, NOT_CACHED, UNUSABLE ->
                of(Reason.REASON_MODEL_SOURCE_UNAVAILABLE, Code.FAILED_PRECONDITION);
        };
    }

    private static FailureKind of(Reason reason, Code code) {
        return new FailureKind(reason, code, Optional.empty());
    }

    private static FailureKind retryable(Reason reason, Code code, Duration after) {
        return new FailureKind(reason, code, Optional.of(after));
    }
}
