package dev.stratalens.server.error;

import java.util.Objects;

/**
 * A failure that the caller is told of: its message names the offender, what is allowed and what to do, and holds no
 * path or stack of the server.
 */
public abstract sealed class LensFailure extends RuntimeException
        permits UnknownModelException,
                UnsupportedArchitectureException,
                InvalidCheckpointException,
                ModelSourceException,
                InvalidFieldException,
                PromptTooLongException,
                MemoryLimitExceededException,
                ModelMemoryException,
                ModelInUseException,
                ManagementDisabledException,
                QueueFullException,
                ReaderTooSlowException,
                ServerStoppingException,
                LensCancelledException {

    LensFailure(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
