package dev.stratalens.server.access.proof;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * What a server keeps of an API key. The key cannot be made from it: the secret is 256 random bits, which no machine can guess,
 * so one round of SHA-256 is enough. The slow hashes for passwords make up for secrets that people choose, and would cost
 * milliseconds per call.
 *
 * @param salt base64url; makes hashes of different files differ
 * @param hash base64url of SHA-256 over salt and secret
 * @param expires first moment at which it is refused; empty = never
 */
public record ApiKey(
        String id, String principal, String salt, String hash, Instant created, Optional<Instant> expires) {

    private static final int SALT_BYTES = 16;

    /** What is kept of a new key. */
    public static ApiKey of(ApiKeyText key, String principal, Instant created, Optional<Instant> expires) {
        String salt = Base64.getUrlEncoder().withoutPadding().encodeToString(ApiKeyText.randomBytes(SALT_BYTES));
        String hash = Base64.getUrlEncoder().withoutPadding().encodeToString(hash(salt, key.secret()));
        return new ApiKey(key.id(), principal, salt, hash, created, expires);
    }

    /** Whether this was made of a key; takes as long whichever bytes differ. */
    boolean matches(ApiKeyText key) {
        return MessageDigest.isEqual(Base64.getUrlDecoder().decode(hash), hash(salt, key.secret()));
    }

    /** The same key with another end. */
    public ApiKey until(Instant end) {
        return new ApiKey(id, principal, salt, hash, created, Optional.of(end));
    }

    /** Whether it is refused at a moment. */
    public boolean hasExpired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }

    private static byte[] hash(String salt, String secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(Base64.getUrlDecoder().decode(salt));
            return digest.digest(secret.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
