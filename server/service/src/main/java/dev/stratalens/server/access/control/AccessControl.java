package dev.stratalens.server.access.control;

import dev.stratalens.server.access.Caller;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.file.FileWatch;
import dev.stratalens.server.access.policy.Policy;
import dev.stratalens.server.access.policy.PolicyFile;
import dev.stratalens.server.access.proof.ApiKeyFile;
import dev.stratalens.server.access.proof.ApiKeyText;
import dev.stratalens.server.access.proof.ApiKeys;
import dev.stratalens.server.access.proof.CertificateName;
import dev.stratalens.server.access.proof.IssuerKeys;
import dev.stratalens.server.access.proof.TokenRules;
import dev.stratalens.server.access.proof.TokenVerifier;
import dev.stratalens.server.error.NotAllowedException;
import dev.stratalens.server.error.UnauthenticatedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds who makes a call, and what this one may. Files are read again when they change. Thread-safe. */
public final class AccessControl {

    private static final String BEARER = "Bearer ";

    private final AccessConfig config;
    private final InstantSource clock;
    private final Supplier<ApiKeys> keys;
    private final Supplier<Policy> policy;
    private final Optional<TokenVerifier> tokens;

    /**
     * Reads what is configured.
     *
     * @param files watches the files; the caller's to close
     * @throws IOException naming the file that cannot be read, and what to do
     */
    public AccessControl(AccessConfig config, FileWatch files, InstantSource clock) throws IOException {
        this.config = config;
        this.clock = clock;
        this.keys = config.apiKeys().isEmpty()
                ? () -> ApiKeys.NONE
                : keys(config.apiKeys().get(), files);
        this.policy = config.policy().isEmpty()
                ? () -> Policy.NONE
                : policy(config.policy().get(), files);
        this.tokens = config.tokens().isEmpty()
                ? Optional.empty()
                : Optional.of(verifier(config.tokens().get(), files));
    }

    private static Supplier<ApiKeys> keys(Path file, FileWatch files) throws IOException {
        return files.read(List.of(file), new ApiKeyFile(file)::read);
    }

    private static Supplier<Policy> policy(Path file, FileWatch files) throws IOException {
        return files.read(List.of(file), () -> PolicyFile.read(file));
    }

    private static TokenVerifier verifier(TokenRules rules, FileWatch files) throws IOException {
        return new TokenVerifier(rules, IssuerKeys.at(rules.keys(), files));
    }

    /**
     * The caller of a call.
     *
     * @throws UnauthenticatedException if there is no proof, or a wrong one
     * @throws NotAllowedException if the policy allows this caller nothing
     */
    public Caller caller(Credentials given) {
        Principal principal = principal(given);
        return new Caller(principal, policy.get().grant(principal));
    }

    /** What is given is checked even where it need not be: its owner means to be known. */
    private Principal principal(Credentials given) {
        if (!config.hasProof()) {
            return Principal.ANONYMOUS;
        }
        Optional<String> secret =
                given.authorization().map(AccessControl::bearer).or(given::apiKey);
        if (secret.isPresent()) {
            return principal(secret.get());
        }
        if (given.certificate().isPresent()) {
            return CertificateName.principal(given.certificate().get(), clock.instant());
        }
        if (config.required()) {
            throw UnauthenticatedException.missing();
        }
        return Principal.ANONYMOUS;
    }

    private Principal principal(String secret) {
        return tokens.isEmpty() || secret.startsWith(ApiKeyText.PREFIX)
                ? keys.get().principal(secret, clock.instant())
                : tokens.get().principal(secret);
    }

    private static String bearer(String authorization) {
        if (!authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw UnauthenticatedException.notUnderstood();
        }
        return authorization.substring(BEARER.length()).strip();
    }
}
