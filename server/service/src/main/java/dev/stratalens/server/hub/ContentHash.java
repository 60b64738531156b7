package dev.stratalens.server.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The hash that names a file of the hub: SHA-256 of the content for large files, git's object id (SHA-1) for small ones.
 *
 * @param hex lower case; 64 digits for SHA-256, 40 for git
 */
record ContentHash(String hex) {

    private static final int BUFFER_BYTES = 1 << 20;

    /** The hash that an ETag holds, if it is one. */
    static Optional<ContentHash> ofEtag(String etag) {
        return of(etag.strip().replaceFirst("^W/", "").replace("\"", ""));
    }

    /** The hash that a blob of the cache is named by, if it is one. */
    static Optional<ContentHash> of(String hex) {
        return hex.matches("[0-9a-f]{40}|[0-9a-f]{64}") ? Optional.of(new ContentHash(hex)) : Optional.empty();
    }

    /** Whether a file's content has this hash. */
    boolean matches(Path file) throws IOException {
        MessageDigest digest = digest();
        if (hex.length() == 40) {
            digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    private MessageDigest digest() {
        try {
            return MessageDigest.getInstance(hex.length() == 40 ? "SHA-1" : "SHA-256");
        } catch (NoSuchAlgorithmException e) {
            // Both are part of every Java.
            throw new IllegalStateException(e);
        }
    }
}
