package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** The server is shutting down. */
public final class ServerStoppingException extends LensFailure {

    public ServerStoppingException() {
        super("The server is shutting down. Try another replica, or again later.");
    }
}
