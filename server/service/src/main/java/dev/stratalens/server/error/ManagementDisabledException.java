package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** The server's models are not to be managed by its callers. */
public final class ManagementDisabledException extends LensFailure {

    public ManagementDisabledException() {
        super(
                "This server does not let callers load or unload its models. "
                        + "A request loads the model that it needs; the configuration of the server allows more with manage-models: true.");
    }
}
