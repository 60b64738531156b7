package dev.stratalens.server.access;

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

    /** Everybody, where the server asks for no proof. */
    public static final Principal ANONYMOUS = new Principal("anonymous", Proof.NONE);
}
