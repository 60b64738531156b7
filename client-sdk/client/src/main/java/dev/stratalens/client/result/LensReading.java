package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.ReadPoint;
import java.util.List;

/** What one lens of a result reads. */
@AutoValue
public abstract class LensReading {

    LensReading() {}

    /** Starts the reading of a lens with these read points, in order of depth. */
    public static Builder builder(List<ReadPoint> readPoints) {
        return new AutoValue_LensReading.Builder()
                .readPoints(List.copyOf(readPoints))
                .decodesLastBlockAsModel(false)
                .skippedPositions(0)
                .warnings(List.of());
    }

    /** Of a lens that reads everywhere, as those do that were not fitted. */
    static LensReading everywhere(Lens lens, List<ReadPoint> readPoints) {
        return builder(readPoints)
                .decodesLastBlockAsModel(lens.equals(Lens.logit()))
                .build();
    }

    /** The read points of the result that the lens has, in order of depth. It has no cells at others: it was not fitted for them. */
    public abstract List<ReadPoint> readPoints();

    /** Whether the lens decodes the last block as the model itself does, so that its cells there are the model's own output. */
    public abstract boolean decodesLastBlockAsModel();

    /**
     * Positions at the beginning of each prompt that were left out when the lens was fitted: it was not made for them. 0 = none, or
     * not known.
     */
    public abstract int skippedPositions();

    /** What readers of the numbers should know, as sentences. */
    public abstract List<String> warnings();

    /** Collects the values; each method sets what {@link LensReading} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        abstract Builder readPoints(List<ReadPoint> ascending);

        public abstract Builder decodesLastBlockAsModel(boolean same);

        public abstract Builder skippedPositions(int positions);

        public abstract Builder warnings(List<String> sentences);

        abstract List<String> warnings();

        abstract LensReading autoBuild();

        public final LensReading build() {
            return warnings(List.copyOf(warnings())).autoBuild();
        }
    }
}
