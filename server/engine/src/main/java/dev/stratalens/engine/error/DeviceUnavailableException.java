package dev.stratalens.engine.error;

/** Thrown if the chosen device cannot compute here. The message says why, and what to do. */
public final class DeviceUnavailableException extends LensFailure {

    public DeviceUnavailableException(String message) {
        super(message);
    }
}
