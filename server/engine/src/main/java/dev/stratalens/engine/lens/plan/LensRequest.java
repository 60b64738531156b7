package dev.stratalens.engine.lens.plan;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a caller asks for, before it is held against a model: nothing is checked yet, and integers are unsigned, as on the
 * wire. {@link LensPlanner} turns it into a {@link LensPlan}.
 *
 * @param prompt what the model reads
 * @param layers blocks to read, none for all
 * @param includeEmbedding whether to read the embedding, layer -1, too
 * @param positions token positions to read, none for all
 * @param topK predictions per cell, 0 for the default
 * @param targets tokens wanted in every cell
 * @param statistics optional statistics, each at most once
 * @param minimumPeak smallest peak probability of a trajectory that is wanted; empty for no trajectories
 * @param normalisation whether the final norm applies
 */
public record LensRequest(
        LensPrompt prompt,
        List<IndexRange> layers,
        boolean includeEmbedding,
        List<IndexRange> positions,
        int topK,
        List<LensTarget> targets,
        List<Statistic> statistics,
        OptionalDouble minimumPeak,
        LensPlan.Normalisation normalisation) {

    /** Copies the lists. */
    public LensRequest {
        layers = List.copyOf(layers);
        positions = List.copyOf(positions);
        targets = List.copyOf(targets);
        statistics = List.copyOf(statistics);
    }

    /** Starts from every block and position, the default k, no targets, no statistics, no trajectories, with final norm. */
    public static Builder builder(LensPrompt prompt) {
        return new Builder(prompt);
    }

    /** Collects what differs from the defaults. */
    public static final class Builder {
        private final LensPrompt prompt;
        private List<IndexRange> layers = List.of();
        private boolean includeEmbedding;
        private List<IndexRange> positions = List.of();
        private int topK;
        private List<LensTarget> targets = List.of();
        private List<Statistic> statistics = List.of();
        private OptionalDouble minimumPeak = OptionalDouble.empty();
        private LensPlan.Normalisation normalisation = LensPlan.Normalisation.FINAL_NORM;

        private Builder(LensPrompt prompt) {
            this.prompt = prompt;
        }

        public Builder layers(List<IndexRange> layers) {
            this.layers = layers;
            return this;
        }

        public Builder includeEmbedding(boolean includeEmbedding) {
            this.includeEmbedding = includeEmbedding;
            return this;
        }

        public Builder positions(List<IndexRange> positions) {
            this.positions = positions;
            return this;
        }

        public Builder topK(int topK) {
            this.topK = topK;
            return this;
        }

        public Builder targets(List<LensTarget> targets) {
            this.targets = targets;
            return this;
        }

        public Builder statistics(List<Statistic> statistics) {
            this.statistics = statistics;
            return this;
        }

        /** Asks for the trajectories whose probability reaches this somewhere; 0 for all. */
        public Builder trajectories(double minimumPeak) {
            this.minimumPeak = OptionalDouble.of(minimumPeak);
            return this;
        }

        public Builder normalisation(LensPlan.Normalisation normalisation) {
            this.normalisation = normalisation;
            return this;
        }

        public LensRequest build() {
            return new LensRequest(
                    prompt, layers, includeEmbedding, positions, topK, targets, statistics, minimumPeak, normalisation);
        }
    }
}
