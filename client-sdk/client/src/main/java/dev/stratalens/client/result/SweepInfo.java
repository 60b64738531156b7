package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.model.ModelFacts;
import java.util.List;
import java.util.OptionalDouble;

/** What is known of a sweep before its cells. */
@AutoValue
public abstract class SweepInfo {

    SweepInfo() {}

    /** Starts a description; each part but {@link #source} must be set. */
    public static Builder builder() {
        return new AutoValue_SweepInfo.Builder();
    }

    /** The model. */
    public abstract ModelFacts model();

    /** Tokens of the prompt. */
    public abstract List<PromptToken> tokens();

    /** Blocks of the grid, ascending; 0 for the embedding. */
    public abstract List<Integer> layers();

    /** Positions of the grid, ascending. */
    public abstract List<Integer> positions();

    /** Heads of the grid, ascending; empty unless each head is changed alone. */
    public abstract List<Integer> heads();

    /** Where the metric is read. */
    public abstract int metricPosition();

    /** The metric without a change. */
    public abstract double unchanged();

    /** The metric of the source prompt; empty if there is none, or if it does not have the position. */
    public abstract OptionalDouble source();

    /** Cells of one layer and position. */
    public final int headCells() {
        return Math.max(1, heads().size());
    }

    /** Number of cells. */
    public final long cellCount() {
        return (long) layers().size() * positions().size() * headCells();
    }

    /** Collects the parts; each method sets what {@link SweepInfo} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder model(ModelFacts model);

        public abstract Builder tokens(List<PromptToken> tokens);

        public abstract Builder layers(List<Integer> layers);

        public abstract Builder positions(List<Integer> positions);

        public abstract Builder heads(List<Integer> heads);

        public abstract Builder metricPosition(int position);

        public abstract Builder unchanged(double metric);

        public abstract Builder source(OptionalDouble metric);

        public abstract SweepInfo build();
    }
}
