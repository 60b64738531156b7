package dev.stratalens.cli.input;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.client.request.IndexRange;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.Site;
import dev.stratalens.client.request.SpecialTokens;
import dev.stratalens.client.request.Statistic;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What to compute for a prompt, as it was typed.
 *
 * @param layers an {@link IndexSyntax}
 * @param positions an {@link IndexSyntax}
 * @param topK predictions a cell
 * @param targets each as {@link TargetSyntax} reads it
 * @param statistics as {@link StatisticSelection} reads them
 * @param specialTokens whether the tokenizer adds its own
 * @param switches what else was asked for
 * @param lenses each as {@link LensSyntax} reads it; none for the logit lens
 * @param candidates as {@link CandidateSyntax} reads it
 */
public record LensSettings(
        String layers,
        String positions,
        int topK,
        List<String> targets,
        String statistics,
        SpecialTokens specialTokens,
        Set<Switch> switches,
        List<String> lenses,
        String candidates) {

    /** Predictions a cell at least where passes are compared: the more both know, the less is left to bounds. */
    public static final int LEAST_COMPARED = 10;

    /** The default of {@code candidates}. */
    public static final String MOST_LIKELY = "most-likely";

    private static final int MAXIMUM_TOP_K = 100;

    /** What is either asked for or not. */
    public enum Switch {
        /** Also what enters block 0. */
        EMBEDDING,
        /** Also what attention, or what a block has in its place, adds. */
        ATTENTION_OUTPUT,
        /** Also the stream between attention and feed-forward. */
        ATTENTION_RESIDUAL,
        /** Also what the feed-forward adds. */
        FEED_FORWARD_OUTPUT,
        /** Every site that the blocks have, and the embedding. */
        ALL_SITES,
        /** How much each part of the model writes toward the targets. */
        ATTRIBUTION,
        /** The raw residual is decoded. */
        NO_FINAL_NORM,
        /** All numbers in float32. */
        EXACT
    }

    /** Settings whose predictions are the most likely tokens. */
    public LensSettings(
            String layers,
            String positions,
            int topK,
            List<String> targets,
            String statistics,
            SpecialTokens specialTokens,
            Set<Switch> switches,
            List<String> lenses) {
        this(layers, positions, topK, targets, statistics, specialTokens, switches, lenses, MOST_LIKELY);
    }

    /** Settings without lenses of their own. */
    public LensSettings(
            String layers,
            String positions,
            int topK,
            List<String> targets,
            String statistics,
            SpecialTokens specialTokens,
            Set<Switch> switches) {
        this(layers, positions, topK, targets, statistics, specialTokens, switches, List.of());
    }

    /** Copies the collections. */
    public LensSettings {
        lenses = List.copyOf(lenses);
        targets = List.copyOf(targets);
        switches = Set.copyOf(switches);
    }

    /** These settings with other targets. */
    public LensSettings withTargets(List<String> others) {
        return new LensSettings(
                layers, positions, topK, others, statistics, specialTokens, switches, lenses, candidates);
    }

    /**
     * Checks what can be checked without a model.
     *
     * @throws CliException if something is not understood
     */
    public void check() {
        if (topK < 1 || topK > MAXIMUM_TOP_K) {
            throw CliException.usage("--top-k: %d is out of range; 1 to %d.".formatted(topK, MAXIMUM_TOP_K));
        }
        layerSelection().ranges();
        positionSelection().ranges();
        StatisticSelection.parse(statistics);
        targets.forEach(TargetSyntax::parse);
        LensSyntax.parse(lenses);
        if (switches.contains(Switch.ATTRIBUTION) && targets.isEmpty()) {
            throw CliException.usage("--attribution needs a --target: it divides the target's logit.");
        }
        CandidateSyntax.parse(candidates).lens().ifPresent(this::requireLens);
        if (!lenses.isEmpty() && switches.contains(Switch.NO_FINAL_NORM)) {
            throw CliException.usage("--no-final-norm is --lens raw; give --lens alone, with raw among the lenses.");
        }
    }

    private void requireLens(Lens reference) {
        if (!chosen().contains(reference)) {
            throw CliException.usage("--candidates: the lens %s is not read; add --lens %s."
                    .formatted(reference, reference.map().orElse(reference.name())));
        }
    }

    /** The lenses to read through. */
    public List<Lens> chosen() {
        if (switches.contains(Switch.NO_FINAL_NORM)) {
            return List.of(Lens.raw());
        }
        return lenses.isEmpty() ? List.of(Lens.logit()) : LensSyntax.parse(lenses);
    }

    /**
     * Adds all of it.
     *
     * @throws CliException if something is not understood
     */
    public LensRequest.Builder addTo(LensRequest.Builder request) {
        check();
        request.layers(layerSelection().ranges().toArray(IndexRange[]::new))
                .positions(positionSelection().ranges().toArray(IndexRange[]::new))
                .topK(topK)
                .statistics(
                        Stream.concat(Stream.of(Statistic.LOG_SUM_EXP), StatisticSelection.parse(statistics).stream())
                                .toArray(Statistic[]::new))
                .target(targets.stream().map(TargetSyntax::parse).toArray(LensTarget[]::new));
        if (switches.contains(Switch.ATTRIBUTION)) {
            request.withAttribution();
        }
        request.candidates(CandidateSyntax.parse(candidates));
        if (switches.contains(Switch.ALL_SITES)) {
            request.allSites();
        } else {
            request.sites(sites());
        }
        request.lenses(
                switches.contains(Switch.NO_FINAL_NORM)
                        ? new Lens[] {Lens.raw()}
                        : LensSyntax.parse(lenses).toArray(Lens[]::new));
        if (switches.contains(Switch.EXACT)) {
            request.exact();
        }
        if (specialTokens == SpecialTokens.NONE) {
            request.withoutSpecialTokens();
        }
        return request;
    }

    /** The selected sites in the order of computation, the layers among them; none if there are only layers. */
    private Site[] sites() {
        List<String> names = switches.stream().map(Enum::name).toList();
        List<Site> further = Arrays.stream(Site.values())
                .filter(site -> names.contains(site.name()))
                .toList();
        return further.isEmpty()
                ? new Site[0]
                : Stream.concat(further.stream(), Stream.of(Site.BLOCK_OUTPUT)).toArray(Site[]::new);
    }

    /** The selected layers. */
    public IndexSyntax layerSelection() {
        return IndexSyntax.of("--layers", layers);
    }

    /** The selected positions. */
    public IndexSyntax positionSelection() {
        return IndexSyntax.of("--positions", positions);
    }
}
