package dev.stratalens.engine.lens.request;

import dev.stratalens.engine.model.site.Site;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A request as the caller gives it, not checked against a model.
 *
 * @param prompt the prompt
 * @param lenses lenses, none for the logit lens
 * @param layers blocks to read, none for all
 * @param sites sites to read
 * @param positions token positions to read, none for all
 * @param topK predictions per cell, empty for the default
 * @param targets tokens to follow in every cell
 * @param statistics columns of every cell, each at most once
 * @param minimumPeak smallest peak probability of a trajectory; empty for no trajectories
 * @param candidates which tokens are the predictions of a cell
 * @param attributed whether to compute how much each part of the model writes toward the targets
 * @param interventions changes of the forward pass, in the order in which they act
 * @param effect what to tell of their effect; empty for nothing
 * @param sweep one intervention at each cell of a grid alone; of the rest of the request, only the prompt counts then
 */
public record RequestedPlan(
        LensPrompt prompt,
        List<RequestedLens> lenses,
        List<IndexRange> layers,
        RequestedSites sites,
        List<IndexRange> positions,
        OptionalInt topK,
        List<RequestedTarget> targets,
        List<Statistic> statistics,
        OptionalDouble minimumPeak,
        CandidateRule candidates,
        boolean attributed,
        List<RequestedIntervention> interventions,
        Optional<RequestedEffect> effect,
        Optional<RequestedSweep> sweep) {

    /** Copies the lists. */
    public RequestedPlan {
        lenses = List.copyOf(lenses);
        layers = List.copyOf(layers);
        positions = List.copyOf(positions);
        targets = List.copyOf(targets);
        statistics = List.copyOf(statistics);
        interventions = List.copyOf(interventions);
    }

    /** All prompts whose texts are read: its own, and those that interventions use. */
    public List<LensPrompt> prompts() {
        return Stream.concat(
                        Stream.of(prompt),
                        Stream.concat(interventions.stream(), sweep.map(RequestedSweep::intervention).stream())
                                .flatMap(each -> each.sources().stream()))
                .toList();
    }

    /** Starts with the logit lens, every block and position, the default k, no targets, statistics or trajectories. */
    public static Builder builder(LensPrompt prompt) {
        return new Builder(prompt);
    }

    /** Sets fields that differ from the defaults. */
    public static final class Builder {

        private final LensPrompt prompt;
        private List<RequestedLens> lenses = List.of();
        private List<IndexRange> layers = List.of();
        private RequestedSites sites = new RequestedSites(List.of(), RequestedSites.Missing.REFUSED);
        private List<IndexRange> positions = List.of();
        private OptionalInt topK = OptionalInt.empty();
        private List<RequestedTarget> targets = List.of();
        private List<Statistic> statistics = List.of();
        private OptionalDouble minimumPeak = OptionalDouble.empty();
        private CandidateRule candidates = new CandidateRule.MostLikely();
        private boolean attributed;
        private List<RequestedIntervention> interventions = List.of();
        private Optional<RequestedEffect> effect = Optional.empty();
        private Optional<RequestedSweep> sweep = Optional.empty();

        private Builder(LensPrompt prompt) {
            this.prompt = prompt;
        }

        public Builder lenses(List<RequestedLens> lenses) {
            this.lenses = lenses;
            return this;
        }

        public Builder layers(List<IndexRange> layers) {
            this.layers = layers;
            return this;
        }

        public Builder sites(List<Site> sites) {
            this.sites = new RequestedSites(sites, RequestedSites.Missing.REFUSED);
            return this;
        }

        /** Reads every site that the blocks have and a lens can read, and the embedding. */
        public Builder allSites() {
            this.sites = RequestedSites.ALL;
            return this;
        }

        public Builder positions(List<IndexRange> positions) {
            this.positions = positions;
            return this;
        }

        public Builder topK(int topK) {
            this.topK = OptionalInt.of(topK);
            return this;
        }

        public Builder targets(List<RequestedTarget> targets) {
            this.targets = targets;
            return this;
        }

        public Builder statistics(List<Statistic> statistics) {
            this.statistics = statistics;
            return this;
        }

        /** Asks for trajectories with this peak probability or more; 0 for all. */
        public Builder trajectories(double minimumPeak) {
            this.minimumPeak = OptionalDouble.of(minimumPeak);
            return this;
        }

        /** Which tokens are the predictions of a cell; by default the most likely ones. */
        public Builder candidates(CandidateRule rule) {
            this.candidates = rule;
            return this;
        }

        /** Asks how much each part of the model writes toward the targets. */
        public Builder attributed() {
            this.attributed = true;
            return this;
        }

        public Builder interventions(List<RequestedIntervention> interventions) {
            this.interventions = interventions;
            return this;
        }

        /** Asks what the interventions did. */
        public Builder effect(RequestedEffect effect) {
            this.effect = Optional.of(effect);
            return this;
        }

        /** Asks for a sweep instead of lenses. */
        public Builder sweep(RequestedSweep sweep) {
            this.sweep = Optional.of(sweep);
            return this;
        }

        public RequestedPlan build() {
            return new RequestedPlan(
                    prompt,
                    lenses,
                    layers,
                    sites,
                    positions,
                    topK,
                    targets,
                    statistics,
                    minimumPeak,
                    candidates,
                    attributed,
                    interventions,
                    effect,
                    sweep);
        }
    }
}
