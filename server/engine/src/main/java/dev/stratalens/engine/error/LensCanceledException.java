package dev.stratalens.engine.error;

/** Thrown if the caller canceled the request or its deadline passed. */
public final class LensCanceledException extends LensFailure {

    public LensCanceledException() {
        super("The call was canceled.");
    }
}
