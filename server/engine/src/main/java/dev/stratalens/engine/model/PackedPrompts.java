package dev.stratalens.engine.model;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Prompts one after another along the token axis. Arrays are not copied: read-only.
 *
 * @param indexes indexes of the prompts, ascending; a prompt keeps its index when others are dropped
 * @param lengths tokens of each, 1 or more
 * @param tokenIds of all
 */
public record PackedPrompts(int[] indexes, int[] lengths, int[] tokenIds) {

    /** Packs prompts, which get the indexes 0, 1, 2 ... */
    public static PackedPrompts of(int[]... prompts) {
        return new PackedPrompts(
                IntStream.range(0, prompts.length).toArray(),
                Arrays.stream(prompts).mapToInt(prompt -> prompt.length).toArray(),
                Arrays.stream(prompts).flatMapToInt(Arrays::stream).toArray());
    }

    /** Whether no prompt is left. */
    public boolean isEmpty() {
        return indexes.length == 0;
    }

    /** The prompts whose index matches; this object if all do. */
    public PackedPrompts keeping(IntPredicate wanted) {
        int[] places = IntStream.range(0, indexes.length)
                .filter(place -> wanted.test(indexes[place]))
                .toArray();
        return places.length == indexes.length
                ? this
                : new PackedPrompts(
                        Arrays.stream(places).map(place -> indexes[place]).toArray(),
                        Arrays.stream(places).map(place -> lengths[place]).toArray(),
                        Arrays.stream(places)
                                .flatMap(place -> Arrays.stream(tokenIds, start(place), start(place) + lengths[place]))
                                .toArray());
    }

    /** Index in {@link #tokenIds} of the first token of the prompt at a place. */
    public int start(int place) {
        return Arrays.stream(lengths, 0, place).sum();
    }

    /** Indexes of the tokens of these prompts among those of more prompts. */
    long[] rowsIn(PackedPrompts more) {
        return Arrays.stream(indexes)
                .map(index -> Arrays.binarySearch(more.indexes, index))
                .flatMap(place -> IntStream.range(more.start(place), more.start(place) + more.lengths[place]))
                .asLongStream()
                .toArray();
    }
}
