package dev.stratalens.server.access.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Principal.Proof;
import dev.stratalens.server.access.file.FileWatch;
import dev.stratalens.server.error.UnauthenticatedException;
import dev.stratalens.server.error.UnauthenticatedException.Problem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenVerifierTest {

    private static final TokenRules RULES =
            new TokenRules("", "https://issuer.example", "lens", Set.of("ES256"), "email");

    @TempDir
    Path directory;

    private ECKey key;
    private TokenVerifier verifier;

    @BeforeEach
    void makeKey() throws JOSEException {
        key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        verifier = new TokenVerifier(RULES, () -> new JWKSet(key.toPublicJWK()));
    }

    @Test
    void aGoodTokenNamesItsPrincipal() throws JOSEException {
        assertEquals(new Principal("ann@example.org", Proof.TOKEN), verifier.principal(signed(claims().build())));
    }

    @Test
    void whatIsNotMadeForThisServerIsRefused() throws JOSEException {
        Instant now = Instant.now();
        assertEquals(
                Problem.NOT_TRUSTED,
                problem(signed(claims().issuer("https://other.example").build())));
        assertEquals(
                Problem.NOT_TRUSTED, problem(signed(claims().audience("other").build())));
        assertEquals(
                Problem.NOT_TRUSTED,
                problem(signed(claims().claim("email", null).build())));
        assertEquals(
                Problem.NOT_TRUSTED,
                problem(signed(claims().claim("email", "a\nb").build())));
        assertEquals(
                Problem.NOT_TRUSTED,
                problem(signed(claims().expirationTime(null).build())));
        assertEquals(
                Problem.NOT_TRUSTED,
                problem(signed(
                        claims().notBeforeTime(Date.from(now.plusSeconds(300))).build())));
        assertEquals(
                Problem.EXPIRED,
                problem(signed(claims().expirationTime(Date.from(now.minusSeconds(300)))
                        .build())));
        verifier.principal(
                signed(claims().expirationTime(Date.from(now.minusSeconds(5))).build()));
    }

    @Test
    void signaturesOfOthersAreRefused() throws Exception {
        JWTClaimsSet claims = claims().build();
        ECKey other = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        assertEquals(Problem.NOT_TRUSTED, problem(signed(JWSAlgorithm.ES256, "JWT", new ECDSASigner(other), claims)));
        ECKey unknown = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
        assertEquals(Problem.NOT_TRUSTED, problem(signed(JWSAlgorithm.ES256, "JWT", new ECDSASigner(unknown), claims)));
        assertEquals(Problem.NOT_TRUSTED, problem(new PlainJWT(claims).serialize()), "no signature at all");
        byte[] published = key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
        assertEquals(
                Problem.NOT_TRUSTED,
                problem(signed(JWSAlgorithm.HS256, "JWT", new MACSigner(published), claims)),
                "the public key as a shared secret");
        assertEquals(
                Problem.NOT_TRUSTED, problem(signed(JWSAlgorithm.ES256, "logout+jwt", new ECDSASigner(key), claims)));
        String token = signed(claims);
        assertEquals(Problem.NOT_TRUSTED, problem(token.substring(0, token.length() - 6) + "AAAAAA"));
    }

    @Test
    void whatIsNoTokenIsNotUnderstood() {
        assertEquals(Problem.MALFORMED, problem("x"));
        assertEquals(Problem.MALFORMED, problem("a.b.c"));
        assertEquals(Problem.MALFORMED, problem(""));
    }

    @Test
    void keysComeFromAFile() throws Exception {
        Path file = Files.writeString(directory.resolve("keys.json"), published());
        try (FileWatch files = new FileWatch()) {
            assertEquals("ann@example.org", principal(IssuerKeys.at(file.toString(), files)));
            Files.writeString(file, "{}");
            IOException refusal = assertThrows(IOException.class, () -> IssuerKeys.at(file.toString(), files));
            assertTrue(String.valueOf(refusal.getMessage()).contains("holds no JSON Web Key Set"), refusal.toString());
        }
    }

    @Test
    void keysComeFromAnAddress() throws Exception {
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] set = published().getBytes(StandardCharsets.UTF_8);
        issuer.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, set.length);
            exchange.getResponseBody().write(set);
            exchange.close();
        });
        issuer.start();
        try (FileWatch files = new FileWatch()) {
            Supplier<JWKSet> keys =
                    IssuerKeys.at("http://localhost:" + issuer.getAddress().getPort() + "/keys", files);
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (keys.get().isEmpty()) {
                assertTrue(System.nanoTime() < deadline, "the keys never came");
                Thread.sleep(5);
            }
            assertEquals("ann@example.org", principal(keys));
        } finally {
            issuer.stop(0);
        }
    }

    private String principal(Supplier<JWKSet> keys) throws JOSEException {
        return new TokenVerifier(RULES, keys)
                .principal(signed(claims().build()))
                .name();
    }

    private String published() {
        return new JWKSet(key.toPublicJWK()).toString();
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("https://issuer.example")
                .audience("lens")
                .claim("email", "ann@example.org")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)));
    }

    private String signed(JWTClaimsSet claims) throws JOSEException {
        return signed(JWSAlgorithm.ES256, "JWT", new ECDSASigner(key), claims);
    }

    private static String signed(JWSAlgorithm algorithm, String type, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .keyID(signer instanceof ECDSASigner ? "one" : null)
                        .type(new JOSEObjectType(type))
                        .build(),
                claims);
        token.sign(signer);
        return token.serialize();
    }

    private Problem problem(String token) {
        return assertThrows(UnauthenticatedException.class, () -> verifier.principal(token))
                .problem();
    }
}
