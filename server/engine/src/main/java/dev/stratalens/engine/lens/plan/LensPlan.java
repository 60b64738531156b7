package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A plan: what to compute on a model, with every index resolved, valid, ascending and unique. A cell is one lens at one
 * read point and one position. Arrays are not copied: treat them as read-only.
 *
 * @param tokenIds the prompt, [n]
 * @param lenses lenses in the order of the request, each once, [s]
 * @param readPoints read points by depth, [r]
 * @param positions positions, [p]
 * @param topK predictions per cell, k
 * @param targets targets, [m]
 * @param statistics columns of every cell
 * @param minimumPeak smallest peak probability of a trajectory (targets given by id or text are always included); empty
 *     for no trajectories
 * @param coverage where each lens reads, [s]
 * @param attributed the parts of the model whose shares of the targets' logits are computed, by depth; none without attribution
 * @param candidates which tokens are the predictions of a cell
 * @param interventions changes of the forward pass
 */
public record LensPlan(
        int[] tokenIds,
        List<RequestedLens> lenses,
        List<ReadPoint> readPoints,
        int[] positions,
        int topK,
        List<PlannedTarget> targets,
        Set<Statistic> statistics,
        OptionalDouble minimumPeak,
        List<LensCoverage> coverage,
        List<ReadPoint> attributed,
        PlannedCandidates candidates,
        Interventions interventions) {

    /** A plan whose lenses read everywhere, and whose predictions are the most likely tokens. */
    public LensPlan(
            int[] tokenIds,
            List<RequestedLens> lenses,
            List<ReadPoint> readPoints,
            int[] positions,
            int topK,
            List<PlannedTarget> targets,
            Set<Statistic> statistics,
            OptionalDouble minimumPeak) {
        this(
                tokenIds,
                lenses,
                readPoints,
                positions,
                topK,
                targets,
                statistics,
                minimumPeak,
                lenses.stream()
                        .map(lens -> LensCoverage.everywhere(lens, readPoints.size()))
                        .toList(),
                List.of(),
                PlannedCandidates.MOST_LIKELY,
                Interventions.NONE);
    }

    /** Copies the collections. */
    public LensPlan {
        lenses = List.copyOf(lenses);
        readPoints = List.copyOf(readPoints);
        targets = List.copyOf(targets);
        var ordered = EnumSet.noneOf(Statistic.class);
        ordered.addAll(statistics);
        statistics = Collections.unmodifiableSet(ordered);
        coverage = List.copyOf(coverage);
        attributed = List.copyOf(attributed);
    }

    /** The same plan, which also reads the last position. */
    public LensPlan readingLast() {
        int last = tokenIds.length - 1;
        if (positions[positions.length - 1] == last) {
            return this;
        }
        int[] more = Arrays.copyOf(positions, positions.length + 1);
        more[positions.length] = last;
        return new LensPlan(
                tokenIds,
                lenses,
                readPoints,
                more,
                topK,
                targets,
                statistics,
                minimumPeak,
                coverage,
                attributed,
                candidates,
                interventions);
    }

    /** A plan of a sweep: nothing is read but the model's output where the metric reads it. */
    static LensPlan sweep(int[] tokenIds, ReadPoint output, Interventions interventions) {
        int position = interventions.sweep().orElseThrow().metric().position();
        return new LensPlan(
                tokenIds,
                List.of(),
                List.of(output),
                new int[] {position},
                1,
                List.of(),
                Set.of(),
                OptionalDouble.empty(),
                List.of(),
                List.of(),
                PlannedCandidates.MOST_LIKELY,
                interventions);
    }

    /** The same plan of the pass as it is. */
    public LensPlan unchanged() {
        return new LensPlan(
                tokenIds,
                lenses,
                readPoints,
                positions,
                topK,
                targets,
                statistics,
                minimumPeak,
                coverage,
                attributed,
                candidates,
                Interventions.NONE);
    }

    /** A plan that keeps the rows of the pass as it is, and reads none but those of the model's output. */
    public LensPlan unchangedRows() {
        return new LensPlan(
                tokenIds,
                List.of(),
                readPoints,
                positions,
                1,
                List.of(),
                Set.of(),
                OptionalDouble.empty(),
                List.of(),
                List.of(),
                PlannedCandidates.MOST_LIKELY,
                Interventions.NONE);
    }

    /** Id of the prompt's token after that of a position; -1 after the last one. */
    public int nextTokenId(int position) {
        int next = positions[position] + 1;
        return next < tokenIds.length ? tokenIds[next] : -1;
    }

    /** Number of read points of all lenses, each counted for each lens that has it. */
    public int lensReadPointCount() {
        return coverage.stream().mapToInt(each -> each.readPoints().size()).sum();
    }

    /** Tokens of its prompts: twice if the prompt is also computed without changes, and those of source prompts. */
    public long promptTokens() {
        long sources =
                interventions.sources().stream().mapToLong(ids -> ids.length).sum();
        return (long) tokenIds.length * (interventions.effect().isPresent() ? 2 : 1) + sources;
    }

    /** Tokens that pass the blocks for it: those of its prompts, and of the cells of a sweep, half of which begin after half of the prompt. */
    public long inputTokens() {
        return promptTokens()
                + interventions.sweep().map(Interventions.Sweep::cellCount).orElse(0L) * tokenIds.length / 2;
    }

    /** Number of cells of the result, or of a sweep. */
    public long cellCount() {
        return interventions.sweep().isPresent()
                ? interventions.sweep().get().cellCount()
                : (long) lensReadPointCount() * positions.length;
    }
}
