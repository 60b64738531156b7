package dev.stratalens.server.access.proof;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API key as its owner has it: {@code slk_ID_SECRET}. The prefix lets scanners of repositories recognize it; the id finds it
 * in a file and may be shown.
 */
public final class ApiKeyText {

    /** What every key begins with; no other kind of proof does. */
    public static final String PREFIX = "slk_";

    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 32;
    private static final Pattern SYNTAX = Pattern.compile(PREFIX + "([0-9a-f]{16})_([A-Za-z0-9_-]{43})");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String id;
    private final String secret;

    private ApiKeyText(String id, String secret) {
        this.id = id;
        this.secret = secret;
    }

    /** A new key of 256 random bits. */
    public static ApiKeyText random() {
        return new ApiKeyText(
                HexFormat.of().formatHex(randomBytes(ID_BYTES)),
                Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(SECRET_BYTES)));
    }

    /** Reads a key; empty if the text is none. */
    static Optional<ApiKeyText> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        return matcher.matches() ? Optional.of(new ApiKeyText(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    public String id() {
        return id;
    }

    String secret() {
        return secret;
    }

    /** The whole key, to be shown once. */
    public String reveal() {
        return PREFIX + id + "_" + secret;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return PREFIX + id + "_…";
    }
}
