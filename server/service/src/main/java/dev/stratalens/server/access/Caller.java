package dev.stratalens.server.access;

/** Who makes a call, and what this one may do and use. */
public record Caller(Principal principal, Grant grant) {

    /** Where the server asks for no proof. */
    public static final Caller ANYBODY = new Caller(Principal.ANONYMOUS, Grant.ALL);

    /** Who proved nothing where the server asks for proof; health checks come from such callers, too. */
    public static final Caller STRANGER = new Caller(Principal.ANONYMOUS, Grant.NONE);
}
