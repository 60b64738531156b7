package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** The server's models are not to be managed by its callers. */
public final class ManagementDisabledException extends LensFailure {

    public ManagementDisabledException() {
        super("This server lets nobody load or unload its models. "
                + "Whoever runs it can allow it with manage-models: true; a request loads the model that it needs.");
    }
}
