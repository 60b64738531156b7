package dev.stratalens.client.request;

/**
 * A change of the forward pass: one operation on rows at a site of some blocks, at some positions. Several of a request act in order
 * where they meet.
 *
 * @param rows which rows
 * @param operation what happens to each
 */
public record Intervention(ChangedRows rows, Operation operation) {

    /** A change of some rows. */
    public static Intervention of(ChangedRows rows, Operation operation) {
        return new Intervention(rows, operation);
    }
}
