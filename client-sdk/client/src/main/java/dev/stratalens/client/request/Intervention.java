package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;

/**
 * A change of the forward pass: one operation on rows at a site of some blocks, at some positions. Several of a request act in order
 * where they meet.
 */
@AutoValue
public abstract class Intervention {

    Intervention() {}

    /** A change of some rows. */
    public static Intervention of(ChangedRows rows, Operation operation) {
        return new AutoValue_Intervention(rows, operation);
    }

    /** Which rows. */
    public abstract ChangedRows rows();

    /** What happens to each. */
    public abstract Operation operation();
}
