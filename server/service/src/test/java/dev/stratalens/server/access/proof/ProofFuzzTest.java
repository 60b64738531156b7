package dev.stratalens.server.access.proof;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.stratalens.fake.SelfSignedCertificate;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.error.UnauthenticatedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that is to prove who calls proves a name that a principal can have, or is refused with a reason. */
@Timeout(60)
final class ProofFuzzTest {

    private static final OctetSequenceKey KEY = new OctetSequenceKey.Builder(new SecureRandom().generateSeed(32))
            .algorithm(JWSAlgorithm.HS256)
            .build();

    private static final TokenVerifier VERIFIER = new TokenVerifier(
            new TokenRules("", "https://issuer.example", "lens", Set.of("HS256"), "email"), () -> new JWKSet(KEY));

    @TempDir
    private static Path directory;

    @MethodSource
    @FuzzTest
    void apiKeyFile(byte[] bytes) throws IOException {
        ApiKeyFile file = new ApiKeyFile(Files.write(directory.resolve("keys.json"), bytes));
        ApiKeys keys;
        try {
            keys = file.read();
        } catch (IOException e) {
            requireText(e);
            return;
        }
        file.change(same -> same);
        if (!file.read().all().equals(keys.all())) {
            throw new AssertionError("keys that are written are not the keys that were read");
        }
    }

    static Stream<byte[]> apiKeyFile() throws IOException {
        Path file = directory.resolve("seed.json");
        new ApiKeyFile(file)
                .change(keys -> keys.with(ApiKey.of(ApiKeyText.random(), "ann", Instant.EPOCH, Optional.empty()))
                        .with(ApiKey.of(ApiKeyText.random(), "bob", Instant.EPOCH, Optional.of(Instant.MAX))));
        return Stream.of(Files.readAllBytes(file));
    }

    @MethodSource
    @FuzzTest
    void keySet(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("key-set.json"), bytes);
        try {
            IssuerKeys.read(file);
        } catch (IOException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> keySet() throws JOSEException {
        JWKSet keys = new JWKSet(List.of(
                new ECKeyGenerator(Curve.P_256).keyID("one").generate(), new RSAKeyGenerator(2048).generate(), KEY));
        return Stream.of(bytes(keys.toString()), bytes(keys.toString(false)));
    }

    /** Nobody can sign with the key, which is another one in each run. */
    @MethodSource
    @FuzzTest
    void unsigned(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        requireRefused(() -> VERIFIER.principal(text));
        requireRefused(() -> ApiKeys.NONE.principal(text, Instant.EPOCH));
    }

    static Stream<byte[]> unsigned() throws JOSEException {
        return Stream.of(
                bytes(signed(bytes("{}")).replaceFirst("[^.]*$", "AAAA")),
                bytes(new PlainJWT(new JWTClaimsSet.Builder().subject("ann").build()).serialize()),
                bytes(ApiKeyText.random().reveal()));
    }

    @MethodSource
    @FuzzTest
    void signedClaims(byte[] bytes) throws JOSEException {
        String token = signed(bytes);
        try {
            requireName(VERIFIER.principal(token));
        } catch (UnauthenticatedException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> signedClaims() {
        return Stream.of(
                bytes(
                        "{\"iss\":\"https://issuer.example\",\"aud\":[\"lens\"],\"exp\":4102444800,\"nbf\":1,\"email\":\"ann@example.org\"}"));
    }

    private static String signed(byte[] claims) throws JOSEException {
        JWSObject token = new JWSObject(new JWSHeader(JWSAlgorithm.HS256), new Payload(claims));
        token.sign(new MACSigner(KEY));
        return token.serialize();
    }

    @MethodSource
    @FuzzTest
    void certificate(byte[] bytes) {
        X509Certificate certificate;
        try {
            certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (CertificateException e) {
            return; // by the handshake
        }
        try {
            requireName(CertificateName.principal(certificate, Instant.EPOCH));
        } catch (UnauthenticatedException e) {
            requireText(e);
        }
    }

    static Stream<byte[]> certificate() throws Exception {
        List<byte[]> seeds = new ArrayList<>();
        for (String alternative : List.of("dns:a", "email:a@b.c", "uri:spiffe://a/b", "ip:127.0.0.1")) {
            Path made = directory.resolve(Integer.toString(seeds.size()));
            seeds.add(Files.readAllBytes(
                    SelfSignedCertificate.named("CN=ann", alternative, made).certificate()));
        }
        return seeds.stream();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void requireRefused(Runnable proof) {
        try {
            proof.run();
        } catch (UnauthenticatedException e) {
            requireText(e);
            return;
        }
        throw new AssertionError("accepted without a proof");
    }

    private static void requireName(Principal principal) {
        if (!Principal.isName(principal.name())) {
            throw new AssertionError("no name of a principal: " + principal.name());
        }
    }

    private static void requireText(Exception failure) {
        if (failure.getMessage() == null || failure.getMessage().isBlank()) {
            throw new AssertionError("a failure that says nothing", failure);
        }
    }
}
