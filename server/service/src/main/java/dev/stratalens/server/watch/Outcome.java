package dev.stratalens.server.watch;

/**
 * How a request ended.
 *
 * @param code of gRPC
 * @param reason of the contract; empty without one
 * @param message for the caller; empty without one
 */
public record Outcome(String code, String reason, String message) {

    public static final Outcome OK = new Outcome("OK", "", "");

    public boolean isOk() {
        return equals(OK);
    }
}
