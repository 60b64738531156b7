package dev.stratalens.server.access.proof;

import java.util.Set;

/**
 * Which JSON Web Tokens prove who calls.
 *
 * @param keys file or https address of the JSON Web Key Set with which they are signed
 * @param issuer claim {@code iss}
 * @param audience one of the values of claim {@code aud}
 * @param algorithms allowed for signatures, such as {@code RS256}
 * @param principalClaim whose value names the principal
 */
public record TokenRules(String keys, String issuer, String audience, Set<String> algorithms, String principalClaim) {

    /** Copies the algorithms. */
    public TokenRules {
        algorithms = Set.copyOf(algorithms);
    }
}
