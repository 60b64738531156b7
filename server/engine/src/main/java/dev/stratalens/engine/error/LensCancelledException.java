package dev.stratalens.engine.error;

/** The caller went away, or its deadline passed. */
public final class LensCancelledException extends LensFailure {

    public LensCancelledException() {
        super("The call was canceled.");
    }
}
