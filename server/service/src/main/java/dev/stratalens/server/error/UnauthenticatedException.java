package dev.stratalens.server.error;

import dev.stratalens.engine.error.LensFailure;

/** A call does not prove who makes it. No message repeats what was given. */
public final class UnauthenticatedException extends LensFailure {

    private static final String REMEDY =
            "Send an API key or a token as \"authorization: Bearer ...\", or an API key as \"x-api-key\".";

    /** Why there is no proof. */
    public enum Problem {
        /** Nothing was given. */
        MISSING,
        /** What was given is neither a key nor a token. */
        MALFORMED,
        /** The key is not known, or not any more. */
        UNKNOWN,
        EXPIRED,
        /** The token is signed by others or made for others. */
        NOT_TRUSTED
    }

    private final Problem problem;

    private UnauthenticatedException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public static UnauthenticatedException missing() {
        return new UnauthenticatedException(
                Problem.MISSING, "This server answers only callers that say who they are. " + REMEDY);
    }

    public static UnauthenticatedException notUnderstood() {
        return new UnauthenticatedException(
                Problem.MALFORMED, "The authorization of this call is not understood. " + REMEDY);
    }

    public static UnauthenticatedException malformedKey() {
        return new UnauthenticatedException(
                Problem.MALFORMED,
                "What was sent is no API key of this kind of server: those begin with \"slk_\". Look whether it is complete.");
    }

    public static UnauthenticatedException unknownKey() {
        return new UnauthenticatedException(
                Problem.UNKNOWN,
                "The API key is not known here; it may have been revoked. Ask the operator of this server for another.");
    }

    /**
     * A key that was good once.
     *
     * @param id of the key; no secret
     */
    public static UnauthenticatedException expiredKey(String id) {
        return new UnauthenticatedException(
                Problem.EXPIRED,
                "The API key with the id %s has expired. Ask the operator of this server for another.".formatted(id));
    }

    public static UnauthenticatedException expiredToken() {
        return new UnauthenticatedException(Problem.EXPIRED, "The token has expired. Get another and try again.");
    }

    /**
     * A token of others, or for others.
     *
     * @param reason ends the sentence "The token ..."
     */
    public static UnauthenticatedException untrustedToken(String reason) {
        return new UnauthenticatedException(
                Problem.NOT_TRUSTED,
                "The token %s. Get one from the issuer that this server trusts, made for this server."
                        .formatted(reason));
    }

    public static UnauthenticatedException expiredCertificate() {
        return new UnauthenticatedException(
                Problem.EXPIRED, "The client certificate has expired. Connect again with another.");
    }

    public static UnauthenticatedException namelessCertificate() {
        return new UnauthenticatedException(
                Problem.NOT_TRUSTED,
                "The client certificate has neither a subject alternative name nor a common name that can name a caller. Get one that has.");
    }

    public Problem problem() {
        return problem;
    }
}
