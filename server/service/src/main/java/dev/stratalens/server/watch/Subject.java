package dev.stratalens.server.watch;

import dev.stratalens.engine.lens.request.LensPrompt;
import java.util.Optional;

/**
 * What a request is about.
 *
 * @param model a name that is served
 * @param clientId the client's own name for the request; may be empty
 * @param prompt what is analyzed
 */
public record Subject(String model, String clientId, Optional<LensPrompt> prompt) {

    /** Nothing that is known. */
    static final Subject NONE = new Subject("", "", Optional.empty());
}
