package dev.stratalens.server.access.proof;

import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Principal.Proof;
import dev.stratalens.server.error.UnauthenticatedException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/**
 * Whom a client certificate names: its first subject alternative name that is an address (as of workloads), an e-mail address (as
 * of people) or a DNS name (as of machines), in this order; without any, its common name.
 */
public final class CertificateName {

    // Kinds of names by RFC 5280, 4.2.1.6.
    private static final int EMAIL = 1;
    private static final int DNS = 2;
    private static final int URI = 6;

    private CertificateName() {}

    /**
     * The principal of a certificate.
     *
     * @throws UnauthenticatedException if it has no name, or has expired since its connection began
     */
    public static Principal principal(X509Certificate certificate, Instant now) {
        if (now.isAfter(certificate.getNotAfter().toInstant())) {
            throw UnauthenticatedException.expiredCertificate();
        }
        return Stream.of(URI, EMAIL, DNS)
                .flatMap(kind -> alternative(certificate, kind))
                .findFirst()
                .or(() -> commonName(certificate))
                .filter(Principal::isName)
                .map(name -> new Principal(name, Proof.CERTIFICATE))
                .orElseThrow(UnauthenticatedException::namelessCertificate);
    }

    private static Stream<String> alternative(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Stream.empty()
                    : names.stream().filter(name -> name.get(0).equals(kind)).map(name -> (String) name.get(1));
        } catch (CertificateParsingException e) {
            return Stream.empty();
        }
    }

    private static Optional<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> part.getValue().toString())
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
