package dev.stratalens.client.request;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What happens to a row. More kinds may be added: keep a branch for others. */
public sealed interface Operation {

    /**
     * The row becomes one of a pass over another prompt: activation patching, or a patchscope.
     *
     * @param source empty for the request's own prompt
     * @param layer block of the source row; empty for that of the changed row
     * @param positions one for all rows, or one for each changed position; none for the same positions
     */
    record ReplaceFrom(Optional<Prompt> source, OptionalInt layer, List<IndexRange> positions) implements Operation {

        /** Copies the list. */
        public ReplaceFrom {
            positions = List.copyOf(positions);
        }

        /** The row of another block. */
        public ReplaceFrom layer(int block) {
            return new ReplaceFrom(source, OptionalInt.of(block), positions);
        }

        /** Rows of other positions. */
        public ReplaceFrom positions(IndexRange... some) {
            return new ReplaceFrom(source, layer, List.of(some));
        }
    }

    /**
     * A direction is added to the row.
     *
     * @param coefficient at most 1e6 in magnitude: a factor of the direction, or with {@code byLength} the length of what is added,
     *     as a share of the length of the row
     * @param largestShare largest length of what is added, as a share of the length of the row, more than 0
     */
    record Add(Direction direction, double coefficient, boolean byLength, OptionalDouble largestShare)
            implements Operation {

        /** The same with a limit on the length of what is added, as a share of the length of the row. */
        public Add atMost(double share) {
            return new Add(direction, coefficient, byLength, OptionalDouble.of(share));
        }
    }

    /** The part along a direction is taken away. */
    record ProjectOut(Direction direction) implements Operation {}

    /** The part along one direction is moved to another. */
    record Swap(Direction from, Direction to) implements Operation {}

    /** The row becomes zeros. At the output of a branch, it adds nothing. */
    record SetZero() implements Operation {}

    /** The row becomes the mean of rows of passes over prompts, at the same site and block. */
    record SetMean(PromptRows rows) implements Operation {}

    /** The row becomes this vector. */
    record SetVector(List<Float> values) implements Operation {

        /** Copies the values. */
        public SetVector {
            values = List.copyOf(values);
        }
    }

    /** The row is multiplied. */
    record Scale(double factor) implements Operation {}

    /** The row leaves the block as it entered. At block outputs only. */
    record SkipBlock() implements Operation {}

    /** Replaces rows by those of another prompt, at the same block and positions. */
    static ReplaceFrom replaceFrom(Prompt source) {
        return new ReplaceFrom(Optional.of(source), OptionalInt.empty(), List.of());
    }

    /** Replaces rows by others of the same prompt. */
    static ReplaceFrom replaceFromSamePrompt() {
        return new ReplaceFrom(Optional.empty(), OptionalInt.empty(), List.of());
    }

    /** Adds a factor times a direction. */
    static Add add(Direction direction, double factor) {
        return new Add(direction, factor, false, OptionalDouble.empty());
    }

    /** Adds a direction, as long as a share of the row. */
    static Add addShare(Direction direction, double share) {
        return new Add(direction, share, true, OptionalDouble.empty());
    }

    /** Takes the part along a direction away. */
    static Operation projectOut(Direction direction) {
        return new ProjectOut(direction);
    }

    /** Moves the part along one direction to another. */
    static Operation swap(Direction from, Direction to) {
        return new Swap(from, to);
    }

    /** Sets rows to zeros. */
    static Operation setZero() {
        return new SetZero();
    }

    /** Sets rows to the mean of others. */
    static Operation setMean(PromptRows rows) {
        return new SetMean(rows);
    }

    /** Sets rows to a vector. */
    static Operation setVector(float... values) {
        return new SetVector(Direction.list(values));
    }

    /** Multiplies rows. */
    static Operation scale(double factor) {
        return new Scale(factor);
    }

    /** Leaves blocks out. */
    static Operation skipBlock() {
        return new SkipBlock();
    }
}
