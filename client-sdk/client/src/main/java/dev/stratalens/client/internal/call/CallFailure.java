package dev.stratalens.client.internal.call;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;

/** Failures as the thread that waits sees them. */
public final class CallFailure {

    private CallFailure() {}

    /** What an interrupt of the waiting thread comes to. */
    public static LensException interrupted(InterruptedException interrupt) {
        return new LensException(
                ErrorCode.CANCELLED, "The waiting thread was interrupted, so the call was canceled.", null, interrupt);
    }

    /** The same failure with the stack of this thread; the first one is its cause. */
    public static LensException again(LensException failure) {
        return new LensException(
                failure.code(),
                String.valueOf(failure.getMessage()),
                failure.detail().orElse(null),
                failure.retryAfter().orElse(null),
                failure);
    }
}
