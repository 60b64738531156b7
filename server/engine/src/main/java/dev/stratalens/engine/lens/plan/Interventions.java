package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.lens.request.RequestedEffect;
import dev.stratalens.engine.lens.request.RequestedIntervention;
import dev.stratalens.engine.lens.request.RequestedIntervention.GeneratedTokens;
import dev.stratalens.engine.lens.request.RequestedIntervention.Measure;
import dev.stratalens.engine.lens.request.RequestedSweep;
import dev.stratalens.engine.model.site.Site;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The changes of a plan, with every index and token resolved. Arrays are not copied: read-only.
 *
 * @param changes in the order in which they act at one place
 * @param sources prompts whose rows the changes use, each once
 * @param effect what is asked of their effect; empty if nothing
 * @param sweep one change at each cell of a grid alone, instead of the changes together; empty for none
 */
public record Interventions(List<Change> changes, List<int[]> sources, Optional<Effect> effect, Optional<Sweep> sweep) {

    /** A pass as it is. */
    public static final Interventions NONE =
            new Interventions(List.of(), List.of(), Optional.empty(), Optional.empty());

    /** Changes of one pass. */
    public Interventions(List<Change> changes, List<int[]> sources, Optional<Effect> effect) {
        this(changes, sources, effect, Optional.empty());
    }

    /** Copies the lists. */
    public Interventions {
        changes = List.copyOf(changes);
        sources = List.copyOf(sources);
    }

    /** Whether nothing is changed. */
    public boolean isNone() {
        return changes.isEmpty() && sweep.isEmpty();
    }

    /** The changes of tokens that are generated after the prompt. */
    public Interventions ofGenerated() {
        List<Change> later = changes.stream()
                .filter(Change::reachesGenerated)
                .map(Change::withoutPrompt)
                .toList();
        return new Interventions(later, List.of(), Optional.empty());
    }

    /**
     * One operation on rows at a site of some blocks.
     *
     * @param blocks ascending; {0} for the embedding
     * @param positions tokens of the prompt, ascending
     * @param generated which tokens of a generation beside them
     * @param heads ascending; {0} for whole rows
     */
    public record Change(
            Site site, int[] blocks, int[] positions, GeneratedTokens generated, int[] heads, Operation operation) {

        /** Whether it changes generated tokens. */
        public boolean reachesGenerated() {
            return generated != GeneratedTokens.NONE;
        }

        /** The same for generated tokens alone. */
        public Change withoutPrompt() {
            return new Change(site, blocks, new int[0], GeneratedTokens.ONLY, heads, operation);
        }
    }

    /** What happens to a row. */
    public sealed interface Operation {}

    /**
     * Becomes a row of a source.
     *
     * @param source index into the sources
     * @param block of the source row; empty for that of the changed row
     * @param positions one for all rows, or one for each changed position
     */
    public record Replace(int source, OptionalInt block, int[] positions) implements Operation {}

    /** As {@link RequestedIntervention.Add}. */
    public record Add(Direction direction, double coefficient, Measure measure, OptionalDouble largestShare)
            implements Operation {}

    /** As {@link RequestedIntervention.ProjectOut}. */
    public record ProjectOut(Direction direction) implements Operation {}

    /** As {@link RequestedIntervention.Swap}. */
    public record Swap(Direction from, Direction to) implements Operation {}

    /** Becomes zeros. */
    public record SetZero() implements Operation {}

    /** Becomes the mean of rows of sources at the same place. */
    public record SetMean(List<SourceRows> rows) implements Operation {}

    /** Becomes this row. */
    public record SetVector(float[] values) implements Operation {}

    /** Is multiplied. */
    public record Scale(float factor) implements Operation {}

    /** Leaves the block as it entered. */
    public record Skip() implements Operation {}

    /** A direction in the space of the rows. */
    public sealed interface Direction {}

    /** Of a token of the vocabulary; through the map of a fitted lens, if one is named. */
    public record TokenDirection(int id, Optional<String> lens) implements Direction {}

    /** A vector, finite and not zero. */
    public record Vector(float[] values) implements Direction {}

    /** The mean of rows of sources at the same place minus the mean of others. */
    public record Difference(List<SourceRows> to, List<SourceRows> from) implements Direction {}

    /** Tokens of a source, ascending. */
    public record SourceRows(int source, int[] positions) {}

    /**
     * A grid of cells, each changed alone. Cells are counted by block, then position, then head.
     *
     * @param change its rows are the grid
     * @param heads whether the heads of a row are changed together
     * @param metric the number of each cell
     */
    public record Sweep(Change change, RequestedSweep.Heads heads, Metric metric) {

        /** Cells of one block and position. */
        public int headCells() {
            return heads == RequestedSweep.Heads.EACH ? change.heads().length : 1;
        }

        /** Number of cells. */
        public long cellCount() {
            return (long) change.blocks().length * change.positions().length * headCells();
        }
    }

    /** As {@link RequestedEffect}. */
    public record Effect(List<Metric> metrics, boolean withUnchangedResult) {

        /** Copies the list. */
        public Effect {
            metrics = List.copyOf(metrics);
        }
    }

    /** A number about the model's own output at a token. */
    public record Metric(Kind kind, int position) {}

    /** What a metric says. */
    public sealed interface Kind {}

    /** Logit of a token, after a softcap. */
    public record Logit(int id) implements Kind {}

    /** Log-probability of a token. */
    public record LogProbability(int id) implements Kind {}

    /** Logit of a token minus that of another. */
    public record LogitDifference(int id, int other) implements Kind {}

    /** KL(unchanged || changed), in nats. */
    public record KlFromUnchanged() implements Kind {}
}
