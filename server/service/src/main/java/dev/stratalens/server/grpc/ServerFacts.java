package dev.stratalens.server.grpc;

import java.util.List;

/**
 * What the server says about itself.
 *
 * @param version version of the server
 * @param supportedArchitectures values of {@code model_type} that can be loaded, in order
 */
public record ServerFacts(String version, List<String> supportedArchitectures) {

    /** Copies the list. */
    public ServerFacts {
        supportedArchitectures = List.copyOf(supportedArchitectures);
    }
}
