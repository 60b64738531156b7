package dev.stratalens.server;

import dev.stratalens.server.access.file.FileWatch;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The PEM files of TLS. New connections use them as they are, and open ones go on, when they change. Its messages name the
 * setting and the file.
 */
final class TlsFiles {

    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    /** How a key signs to prove that it belongs to a certificate; other kinds of keys are not proved. */
    private static final List<String> SIGNATURES = List.of("SHA256withRSA", "SHA256withECDSA", "EdDSA");

    private final TransportSecurity.Tls tls;

    private TlsFiles(TransportSecurity.Tls tls) {
        this.tls = tls;
    }

    /**
     * Credentials that follow the files. TLS 1.2 and 1.3 only: gRPC offers none of the ciphers of older versions.
     *
     * @throws IOException if a file is not good now
     */
    static ServerCredentials watched(TransportSecurity.Tls tls, FileWatch files) throws IOException {
        TlsFiles own = new TlsFiles(tls);
        AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
        var unused = files.read(List.of(tls.certificate(), tls.key()), () -> own.readIdentity(identity));
        TlsServerCredentials.Builder credentials =
                TlsServerCredentials.newBuilder().keyManager(identity);
        if (tls.clientCa().isPresent()) {
            // Who shows no certificate may have a key: the calls decide about that.
            credentials
                    .trustManager(clients(tls.clientCa().get(), files))
                    .clientAuth(TlsServerCredentials.ClientAuth.OPTIONAL);
        }
        return credentials.build();
    }

    private static AdvancedTlsX509TrustManager clients(Path authorities, FileWatch files) throws IOException {
        try {
            AdvancedTlsX509TrustManager trust = AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
                    .build();
            var unused = files.read(List.of(authorities), () -> readAuthorities(authorities, trust));
            return trust;
        } catch (CertificateException e) {
            throw new IllegalStateException("every JDK verifies certificates", e);
        }
    }

    private static AdvancedTlsX509TrustManager readAuthorities(Path file, AdvancedTlsX509TrustManager trust)
            throws IOException {
        String setting = "tls-client-ca";
        X509Certificate[] authorities =
                certificates(setting, file, "Give a PEM file with the certificates of the authorities.");
        try {
            trust.updateTrustCredentials(authorities);
            return trust;
        } catch (GeneralSecurityException e) {
            throw fault(setting, file, "has a certificate that cannot be trusted", "Give those of authorities.");
        }
    }

    private AdvancedTlsX509KeyManager readIdentity(AdvancedTlsX509KeyManager identity) throws IOException {
        X509Certificate[] chain =
                certificates("tls-cert", tls.certificate(), "Give a PEM file with the certificate chain.");
        identity.updateIdentityCredentials(chain, privateKey(chain[0].getPublicKey()));
        return identity;
    }

    private PrivateKey privateKey(PublicKey certified) throws IOException {
        String pem = text("tls-key", tls.key());
        Matcher matcher = PRIVATE_KEY.matcher(pem);
        if (!matcher.find()) {
            throw fault(
                    "tls-key",
                    tls.key(),
                    "has no private key that can be read",
                    "Give the PEM file of the certificate's key, PKCS#8, without a password.");
        }
        try {
            PrivateKey key = KeyFactory.getInstance(certified.getAlgorithm())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(matcher.group(1))));
            if (belong(key, certified)) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException otherKind) {
            // Refused below.
        }
        throw fault(
                "tls-key",
                tls.key(),
                "is not the key of the certificate in " + tls.certificate(),
                "Give the two that were made together.");
    }

    private static boolean belong(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        Optional<String> algorithm = SIGNATURES.stream()
                .filter(name -> name.endsWith(kind(certified)))
                .findFirst();
        if (algorithm.isEmpty()) {
            return true;
        }
        byte[] anything = new byte[32];
        Signature signature = Signature.getInstance(algorithm.get());
        signature.initSign(key);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(anything);
        return signature.verify(signed);
    }

    private static String kind(PublicKey key) {
        return key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm();
    }

    private static X509Certificate[] certificates(String setting, Path file, String remedy) throws IOException {
        String pem = text(setting, file);
        try (InputStream input = Files.newInputStream(file)) {
            X509Certificate[] chain = CertificateFactory.getInstance("X.509").generateCertificates(input).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (chain.length > 0) {
                return chain;
            }
        } catch (CertificateException none) {
            // Refused below.
        }
        String what = "has no certificate that can be read";
        throw pem.contains("PRIVATE KEY-----")
                ? fault(setting, file, what + ", but a private key", "Were tls-cert and tls-key exchanged?")
                : fault(setting, file, what, remedy);
    }

    private static String text(String setting, Path file) throws IOException {
        String what = Files.isDirectory(file)
                ? "is a directory"
                : !Files.exists(file) ? "does not exist" : Files.isReadable(file) ? "" : "cannot be read by this user";
        if (!what.isEmpty()) {
            throw fault(setting, file, what, "Give a readable PEM file.");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static IOException fault(String setting, Path file, String what, String remedy) {
        return new IOException("%s: %s %s. %s".formatted(setting, file, what, remedy));
    }
}
