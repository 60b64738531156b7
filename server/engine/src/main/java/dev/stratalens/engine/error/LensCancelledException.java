package dev.stratalens.engine.error;

/** Thrown if the caller canceled the request or its deadline passed. */
public final class LensCancelledException extends LensFailure {

    public LensCancelledException() {
        super("The call was canceled.");
    }
}
