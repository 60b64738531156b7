package dev.stratalens.server.access.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.fake.SelfSignedCertificate;
import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Principal.Proof;
import dev.stratalens.server.error.UnauthenticatedException;
import dev.stratalens.server.error.UnauthenticatedException.Problem;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CertificateNameTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=x | dns:gpu7.example.org,email:ann@example.org,uri:spiffe://example.org/ann | spiffe://example.org/ann",
                "CN=x | dns:gpu7.example.org,email:ann@example.org | ann@example.org",
                "CN=x | ip:127.0.0.1,dns:gpu7.example.org | gpu7.example.org",
                "'CN=Ann\\, of the lab,O=example' | ip:127.0.0.1 | Ann, of the lab"
            })
    void aCertificateNamesOnePrincipal(String subject, String alternatives, String name) throws Exception {
        Path pem = SelfSignedCertificate.named(subject, alternatives, directory).certificate();
        try (InputStream input = Files.newInputStream(pem)) {
            X509Certificate certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(input);
            Instant now = Instant.now();

            assertEquals(new Principal(name, Proof.CERTIFICATE), CertificateName.principal(certificate, now));
            Instant late = now.plus(Duration.ofDays(3));
            assertEquals(
                    Problem.EXPIRED,
                    assertThrows(UnauthenticatedException.class, () -> CertificateName.principal(certificate, late))
                            .problem());
        }
    }
}
