package dev.stratalens.client.result;

import com.google.auto.value.AutoValue;
import dev.stratalens.client.model.ModelInfo;
import dev.stratalens.client.request.Candidates;
import dev.stratalens.client.request.Lens;
import dev.stratalens.client.request.LensTarget;
import dev.stratalens.client.request.NumberForm;
import dev.stratalens.client.request.ReadPoint;
import dev.stratalens.client.request.Statistic;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What is known of a result before its first layer. */
@AutoValue
public abstract class ResultInfo {

    ResultInfo() {}

    /** Starts the facts of a result of the logit lens, without targets, statistics and trajectories. */
    public static Builder builder(ModelInfo model) {
        return new AutoValue_ResultInfo.Builder()
                .model(model)
                .requestId("")
                .lenses(List.of(Lens.logit()))
                .readings(List.of())
                .approximate(false)
                .candidates(Candidates.mostLikely())
                .targets(List.of())
                .statistics(Set.of())
                .numberForm(NumberForm.EXACT)
                .hasTrajectories(false);
    }

    /** The request's id, as in the request. */
    public abstract String requestId();

    /** The model that answers. */
    public abstract ModelInfo model();

    /** The lenses, in the order that they were asked for. */
    public abstract List<Lens> lenses();

    /** What each lens reads, in the order of {@link #lenses()}. */
    public abstract List<LensReading> readings();

    /** Whether ranks, entropy and KL come from low-precision logits. */
    public abstract boolean approximate();

    /** The prompt's text, of a chat the text that the model's template made of it; empty where ids were sent. */
    public abstract Optional<String> prompt();

    /** The prompt's tokens. */
    public abstract List<PromptToken> tokens();

    /** Where the lenses read, in order of depth; a fitted lens may have only some of them: see {@link #reading}. */
    public abstract List<ReadPoint> readPoints();

    /** Token positions that were asked for, ascending. */
    public abstract List<Integer> positions();

    /** Predictions per cell. */
    public abstract int k();

    /** Which tokens are the predictions of a cell. */
    public abstract Candidates candidates();

    /** The asked targets. */
    public abstract List<TargetInfo> targets();

    /** The statistics that every cell has. */
    public abstract Set<Statistic> statistics();

    /** How numbers travel. */
    public abstract NumberForm numberForm();

    /** Whether there are trajectories. */
    public abstract boolean hasTrajectories();

    /** The model's own best token at each position, in the order of {@link #positions()}. */
    public abstract List<Prediction> finalTops();

    /** The layers among the read points, ascending; -1 is the embedding. */
    public final List<Integer> layers() {
        return readPoints().stream()
                .filter(ReadPoint::isLayer)
                .map(ReadPoint::layer)
                .toList();
    }

    /**
     * The model's own best token at a position, whatever layers were asked for.
     *
     * @throws IllegalArgumentException if the position was not asked for
     */
    public final Prediction finalTop(int position) {
        return finalTops().get(positionIndex(position));
    }

    /**
     * The vocabulary id of a target at a position; empty where there is none.
     *
     * @throws IllegalArgumentException if the target or the position was not asked for
     */
    public final OptionalInt targetToken(LensTarget target, int position) {
        return targets().get(targetIndex(target)).ids().get(positionIndex(position));
    }

    /**
     * Place of a target in {@link #targets()}.
     *
     * @throws IllegalArgumentException if the target was not asked for
     */
    public final int targetIndex(LensTarget target) {
        for (int index = 0; index < targets().size(); index++) {
            if (targets().get(index).target().equals(target)) {
                return index;
            }
        }
        throw new IllegalArgumentException("target " + target + " was not asked for; this result has "
                + targets().stream().map(TargetInfo::target).toList());
    }

    /**
     * Place of a token position in {@link #positions()}.
     *
     * @throws IllegalArgumentException if the position was not asked for
     */
    public final int positionIndex(int position) {
        int index = Collections.binarySearch(positions(), position);
        if (index < 0) {
            throw notAskedFor("position " + position, positions());
        }
        return index;
    }

    /**
     * Place of a layer in {@link #layers()}.
     *
     * @throws IllegalArgumentException if the layer was not asked for
     */
    public final int layerIndex(int layer) {
        int index = Collections.binarySearch(layers(), layer);
        if (index < 0) {
            throw notAskedFor("layer " + layer, layers());
        }
        return index;
    }

    /**
     * Place of a read point in {@link #readPoints()}.
     *
     * @throws IllegalArgumentException if the read point was not asked for
     */
    public final int readPointIndex(ReadPoint readPoint) {
        int index = Collections.binarySearch(readPoints(), readPoint);
        if (index < 0) {
            throw notAskedFor(readPoint.toString(), readPoints());
        }
        return index;
    }

    /**
     * What a lens reads.
     *
     * @throws IllegalArgumentException if the lens was not asked for
     */
    public final LensReading reading(Lens lens) {
        int index = lenses().indexOf(lens);
        if (index < 0) {
            throw new IllegalArgumentException("lens " + lens + " was not asked for; this result has " + lenses());
        }
        return readings().get(index);
    }

    private static IllegalArgumentException notAskedFor(String wanted, List<?> ascending) {
        int last = ascending.size() - 1;
        boolean gapless = last > 1
                && ascending.get(0) instanceof Integer from
                && ascending.get(last) instanceof Integer to
                && to - from == last;
        String there = gapless
                ? ascending.get(0) + " .. " + ascending.get(last)
                : ascending.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return new IllegalArgumentException(wanted + " was not asked for; this result has " + there);
    }

    /** Collects the values; each method sets what {@link ResultInfo} has under its name. Not thread-safe. */
    @AutoValue.Builder
    public abstract static class Builder {
        Builder() {}

        public abstract Builder requestId(String id);

        abstract Builder model(ModelInfo model);

        public abstract Builder lenses(List<Lens> lenses);

        abstract List<Lens> lenses();

        /** What each lens reads; none = every lens reads everywhere. */
        public abstract Builder readings(List<LensReading> readings);

        abstract List<LensReading> readings();

        public abstract Builder approximate(boolean approximate);

        public abstract Builder prompt(Optional<String> text);

        public abstract Builder tokens(List<PromptToken> tokens);

        abstract List<PromptToken> tokens();

        public abstract Builder readPoints(List<ReadPoint> ascending);

        abstract List<ReadPoint> readPoints();

        public abstract Builder positions(List<Integer> ascending);

        abstract List<Integer> positions();

        public abstract Builder k(int predictions);

        public abstract Builder candidates(Candidates rule);

        public abstract Builder targets(List<TargetInfo> targets);

        abstract List<TargetInfo> targets();

        public abstract Builder statistics(Set<Statistic> statistics);

        abstract Set<Statistic> statistics();

        public abstract Builder numberForm(NumberForm form);

        public abstract Builder hasTrajectories(boolean present);

        public abstract Builder finalTops(List<Prediction> best);

        abstract List<Prediction> finalTops();

        abstract ResultInfo autoBuild();

        public final ResultInfo build() {
            List<LensReading> all = readings().isEmpty()
                    ? lenses().stream()
                            .map(lens -> LensReading.everywhere(lens, readPoints()))
                            .toList()
                    : List.copyOf(readings());
            if (all.size() != lenses().size()) {
                throw new IllegalArgumentException(
                        "there are %d lenses, but readings of %d".formatted(lenses().size(), all.size()));
            }
            return lenses(List.copyOf(lenses()))
                    .readings(all)
                    .tokens(List.copyOf(tokens()))
                    .readPoints(List.copyOf(readPoints()))
                    .positions(List.copyOf(positions()))
                    .targets(List.copyOf(targets()))
                    .statistics(Statistic.setOf(statistics()))
                    .finalTops(List.copyOf(finalTops()))
                    .autoBuild();
        }
    }
}
