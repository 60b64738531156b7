package dev.stratalens.server.access.control;

import dev.stratalens.server.access.proof.TokenRules;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may call, as configured.
 *
 * @param required whether every call has to prove who makes it
 * @param apiKeys file of API keys
 * @param policy file of groups with their rights and limits; empty = everybody who calls may everything
 * @param tokens which tokens are accepted
 * @param clientCa PEM file of the authorities whose client certificates are accepted
 */
public record AccessConfig(
        boolean required,
        Optional<Path> apiKeys,
        Optional<Path> policy,
        Optional<TokenRules> tokens,
        Optional<Path> clientCa) {

    /** Anybody may everything. */
    public static final AccessConfig OPEN =
            new AccessConfig(false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether there is any way to prove who calls. */
    public boolean hasProof() {
        return apiKeys.isPresent() || tokens.isPresent() || clientCa.isPresent();
    }
}
