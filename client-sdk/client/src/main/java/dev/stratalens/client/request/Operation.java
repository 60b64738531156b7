package dev.stratalens.client.request;

import com.google.auto.value.AutoValue;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What happens to a row. More kinds may be added: keep a branch for others. */
public sealed interface Operation {

    /** The row becomes one of a pass over another prompt: activation patching, or a patchscope. */
    @AutoValue
    abstract non-sealed class ReplaceFrom implements Operation {

        ReplaceFrom() {}

        private static ReplaceFrom of(Optional<Prompt> source, OptionalInt layer, List<IndexRange> positions) {
            return new AutoValue_Operation_ReplaceFrom(source, layer, positions);
        }

        /** The prompt; empty for the request's own. */
        public abstract Optional<Prompt> source();

        /** Block of the source row; empty for that of the changed row. */
        public abstract OptionalInt layer();

        /** One for all rows, or one for each changed position; none for the same positions. */
        public abstract List<IndexRange> positions();

        /** The row of another block. */
        public final ReplaceFrom layer(int block) {
            return of(source(), OptionalInt.of(block), positions());
        }

        /** Rows of other positions. */
        public final ReplaceFrom positions(IndexRange... some) {
            return of(source(), layer(), List.of(some));
        }
    }

    /** A direction is added to the row. */
    @AutoValue
    abstract non-sealed class Add implements Operation {

        Add() {}

        private static Add of(Direction direction, double coefficient, boolean byLength, OptionalDouble largestShare) {
            return new AutoValue_Operation_Add(direction, coefficient, byLength, largestShare);
        }

        /** The direction. */
        public abstract Direction direction();

        /**
         * At most 1e6 in magnitude: a factor of the direction, or with {@link #byLength} the length of what is added, as a share of the
         * length of the row.
         */
        public abstract double coefficient();

        /** Whether the coefficient is a share of the length of the row. */
        public abstract boolean byLength();

        /** Largest length of what is added, as a share of the length of the row, more than 0. */
        public abstract OptionalDouble largestShare();

        /** The same with a limit on the length of what is added, as a share of the length of the row. */
        public final Add atMost(double share) {
            return of(direction(), coefficient(), byLength(), OptionalDouble.of(share));
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
        return ReplaceFrom.of(Optional.of(source), OptionalInt.empty(), List.of());
    }

    /** Replaces rows by others of the same prompt. */
    static ReplaceFrom replaceFromSamePrompt() {
        return ReplaceFrom.of(Optional.empty(), OptionalInt.empty(), List.of());
    }

    /** Adds a factor times a direction. */
    static Add add(Direction direction, double factor) {
        return Add.of(direction, factor, false, OptionalDouble.empty());
    }

    /** Adds a direction, as long as a share of the row. */
    static Add addShare(Direction direction, double share) {
        return Add.of(direction, share, true, OptionalDouble.empty());
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
