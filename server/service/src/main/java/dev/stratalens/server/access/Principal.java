package dev.stratalens.server.access;

import java.util.regex.Pattern;

/**
 * Who calls, as proven.
 *
 * @param name what rights, limits, logs and metrics go by; never a secret
 */
public record Principal(String name, Proof proof) {

    /** What proved the name. */
    public enum Proof {
        /** Nothing: the server asks for no proof. */
        NONE,
        API_KEY,
        /** A JSON Web Token. */
        TOKEN,
        /** A client certificate. */
        CERTIFICATE
    }

    private static final Pattern NAME = Pattern.compile("[^\\p{C}\\p{Z}]([^\\p{C}]{0,254}[^\\p{C}\\p{Z}])?");

    /** Whether a text can name a principal: up to 256 characters that can be seen. */
    public static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Everybody, where the server asks for no proof. */
    public static final Principal ANONYMOUS = new Principal("anonymous", Proof.NONE);
}
