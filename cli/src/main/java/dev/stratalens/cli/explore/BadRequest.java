package dev.stratalens.cli.explore;

/** A request that the bridge refuses before anything else looks at it. */
final class BadRequest extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * A refusal.
     *
     * @param status of HTTP, 4xx
     */
    BadRequest(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
