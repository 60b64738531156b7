package dev.stratalens.server.access.proof;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Principal.Proof;
import dev.stratalens.server.error.UnauthenticatedException;
import java.text.ParseException;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Finds whom a JSON Web Token names, if its signature, issuer, audience and times are right. Never waits for the network. */
public final class TokenVerifier {

    /** How far the clocks of the issuer and of this machine may differ. */
    private static final int CLOCK_SKEW_SECONDS = 30;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final String principalClaim;

    /** @param keys as they are now */
    public TokenVerifier(TokenRules rules, Supplier<JWKSet> keys) {
        principalClaim = rules.principalClaim();
        Set<JWSAlgorithm> algorithms =
                rules.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(algorithms, (selector, context) -> selector.select(keys.get())));
        // Tokens for other purposes, such as a logout, say so in their type.
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        DefaultJWTClaimsVerifier<SecurityContext> claims = new DefaultJWTClaimsVerifier<>(
                rules.audience(),
                new JWTClaimsSet.Builder().issuer(rules.issuer()).build(),
                Set.of("exp", principalClaim));
        claims.setMaxClockSkew(CLOCK_SKEW_SECONDS);
        processor.setJWTClaimsSetVerifier(claims);
    }

    /**
     * Whom a token names.
     *
     * @throws UnauthenticatedException if it proves nothing
     */
    public Principal principal(String token) {
        try {
            String name = processor.process(token, null).getStringClaim(principalClaim);
            if (name == null || !Principal.isName(name)) {
                throw UnauthenticatedException.untrustedToken("has no usable name in " + principalClaim);
            }
            return new Principal(name, Proof.TOKEN);
        } catch (ParseException | IllegalArgumentException unreadable) {
            throw UnauthenticatedException.notUnderstood();
        } catch (ExpiredJWTException late) {
            throw UnauthenticatedException.expiredToken();
        } catch (BadJOSEException | JOSEException refusal) {
            throw UnauthenticatedException.untrustedToken("is refused (%s)".formatted(refusal.getMessage()));
        }
    }
}
