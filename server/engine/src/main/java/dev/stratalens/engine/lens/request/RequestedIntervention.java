package dev.stratalens.engine.lens.request;

import dev.stratalens.engine.model.site.Site;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A change of the forward pass as the caller gives it, not checked: one operation on rows at a site.
 *
 * @param rows which rows
 * @param operation what happens to each
 */
public record RequestedIntervention(Rows rows, Operation operation) {

    /** The prompts of others whose rows it uses. */
    public List<LensPrompt> sources() {
        if (operation instanceof ReplaceFrom replace) {
            return replace.source().stream().toList();
        } else if (operation instanceof SetMean mean) {
            return mean.rows().prompts();
        } else if (operation instanceof Add add) {
            return add.direction().sources();
        } else if (operation instanceof ProjectOut project) {
            return project.direction().sources();
        } else if (operation instanceof Swap swap) {
            return Stream.concat(swap.from().sources().stream(), swap.to().sources().stream())
                    .toList();
        }
        return List.of();
    }

    /**
     * Rows to change.
     *
     * @param layers blocks, none for all that have the site
     * @param positions tokens of the prompt, none for all
     * @param heads attention heads, none for all; for that site only
     * @param skipsFirstToken whether the prompt's first token is left out
     * @param generated which tokens of a generation
     */
    public record Rows(
            Site site,
            List<IndexRange> layers,
            List<IndexRange> positions,
            List<IndexRange> heads,
            boolean skipsFirstToken,
            GeneratedTokens generated) {

        /** Copies the lists. */
        public Rows {
            layers = List.copyOf(layers);
            positions = List.copyOf(positions);
            heads = List.copyOf(heads);
        }

        /** All rows at a site. */
        public static Rows at(Site site) {
            return new Rows(site, List.of(), List.of(), List.of(), false, GeneratedTokens.NONE);
        }

        /** The same in some blocks. */
        public Rows layers(IndexRange... some) {
            return new Rows(site, List.of(some), positions, heads, skipsFirstToken, generated);
        }

        /** The same at some positions. */
        public Rows positions(IndexRange... some) {
            return new Rows(site, layers, List.of(some), heads, skipsFirstToken, generated);
        }

        /** The same of some heads. */
        public Rows heads(IndexRange... some) {
            return new Rows(site, layers, positions, List.of(some), skipsFirstToken, generated);
        }
    }

    /** Tokens of a generation that are changed. */
    public enum GeneratedTokens {
        /** None, only those of the prompt. */
        NONE,
        /** All, and those of the prompt. */
        ALSO,
        /** All, and none of the prompt. */
        ONLY
    }

    /** What happens to a row. */
    public sealed interface Operation {}

    /**
     * Becomes a row of a pass over a source prompt.
     *
     * @param source absent for the request's own prompt
     * @param layer block of the source row; empty for that of the changed row
     * @param positions one for all rows, or one for each changed position in order; none for the same positions
     */
    public record ReplaceFrom(Optional<LensPrompt> source, OptionalInt layer, List<IndexRange> positions)
            implements Operation {

        /** Copies the list. */
        public ReplaceFrom {
            positions = List.copyOf(positions);
        }
    }

    /** How long an added direction becomes. */
    public enum Measure {
        /** The coefficient is a factor of the direction. */
        FACTOR,
        /** The coefficient is the length of what is added, as a share of the length of the row. */
        SHARE_OF_LENGTH
    }

    /** Gets a direction added. */
    public record Add(Direction direction, double coefficient, Measure measure, OptionalDouble largestShare)
            implements Operation {}

    /** Loses its part along a direction. */
    public record ProjectOut(Direction direction) implements Operation {}

    /** Has its part along one direction moved to another. */
    public record Swap(Direction from, Direction to) implements Operation {}

    /** Becomes zeros. */
    public record SetZero() implements Operation {}

    /** Becomes the mean of rows of other passes. */
    public record SetMean(PromptRows rows) implements Operation {}

    /** Becomes this row. The array is not copied: read-only. */
    public record SetVector(float[] values) implements Operation {}

    /** Is multiplied. */
    public record Scale(double factor) implements Operation {}

    /** Leaves the block as it entered. */
    public record SkipBlock() implements Operation {}

    /** A direction in the space of the rows. */
    public sealed interface Direction {

        /** The prompts whose rows it uses. */
        default List<LensPrompt> sources() {
            return List.of();
        }
    }

    /** Of a token: its row of the unembedding, or, with a lens, what raises the lens's logit of the token most. */
    public record TokenDirection(RequestedTarget token, Optional<String> lens) implements Direction {}

    /** A vector. The array is not copied: read-only. */
    public record Vector(float[] values) implements Direction {}

    /** The mean of rows minus the mean of others. */
    public record Difference(PromptRows to, PromptRows from) implements Direction {

        @Override
        public List<LensPrompt> sources() {
            return Stream.concat(to.prompts().stream(), from.prompts().stream()).toList();
        }
    }

    /** Rows of passes over prompts; no positions for all. */
    public record PromptRows(List<LensPrompt> prompts, List<IndexRange> positions) {

        /** Copies the lists. */
        public PromptRows {
            prompts = List.copyOf(prompts);
            positions = List.copyOf(positions);
        }
    }
}
