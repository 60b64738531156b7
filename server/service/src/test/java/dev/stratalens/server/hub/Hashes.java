package dev.stratalens.server.hub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hashes that a hub announces. */
final class Hashes {

    private Hashes() {}

    static String sha256(byte[] content) {
        return hex("SHA-256", content);
    }

    static String git(byte[] content) {
        byte[] header = "blob %d\0".formatted(content.length).getBytes(StandardCharsets.US_ASCII);
        return hex(
                "SHA-1",
                ByteBuffer.allocate(header.length + content.length)
                        .put(header)
                        .put(content)
                        .array());
    }

    private static String hex(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
