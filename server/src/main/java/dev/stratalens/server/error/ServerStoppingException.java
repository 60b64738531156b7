package dev.stratalens.server.error;

/** The server is shutting down. */
public final class ServerStoppingException extends LensFailure {

    public ServerStoppingException() {
        super("The server is shutting down. Try another replica, or again later.");
    }
}
