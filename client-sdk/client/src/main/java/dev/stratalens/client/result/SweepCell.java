package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import java.util.OptionalInt;

/** One cell of a sweep. */
@AutoValue
public abstract class SweepCell {

    SweepCell() {}

    /** A cell with the metric of its changed pass. */
    public static SweepCell of(int layer, int position, OptionalInt head, float value) {
        return new AutoValue_SweepCell(layer, position, head, value);
    }

    /** Block that was changed; 0 for the embedding. */
    public abstract int layer();

    /** Token that was changed. */
    public abstract int position();

    /** Attention head that was changed; empty if all of the request were changed together. */
    public abstract OptionalInt head();

    /** The metric of the changed pass. */
    public abstract float value();
}
