package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Resolves ranges to ascending, unique indices of 0 .. count-1. */
final class IndexSelection {

    /** Advice for positions of a prompt. */
    static final String POSITIONS_COUNTED =
            "Positions count the prompt's tokens from 0, or from the end: -1 is the last.";

    /** Advice for layers. */
    static final String BLOCKS_COUNTED = "Layers count the blocks from 0, or from the end: -1 is the last.";

    private final String field;
    private final int count;
    private final String remedy;
    private final BitSet chosen;

    private IndexSelection(String field, int count, String remedy) {
        this.field = field;
        this.count = count;
        this.remedy = remedy;
        this.chosen = new BitSet(count);
    }

    /**
     * @param field name of the repeated field, for errors
     * @param ranges none for all
     * @param remedy advice for an index that does not exist
     */
    static int[] resolve(String field, List<IndexRange> ranges, int count, String remedy) {
        IndexSelection selection = new IndexSelection(field, count, remedy);
        if (ranges.isEmpty()) {
            selection.chosen.set(0, count);
        }
        for (int i = 0; i < ranges.size(); i++) {
            selection.add("%s[%d]".formatted(field, i), ranges.get(i));
        }
        return selection.chosen.stream().toArray();
    }

    /** The same in the order of the ranges, 1 or more; an index may occur in several. */
    static int[] inOrder(String field, List<IndexRange> ranges, int count, String remedy) {
        return IntStream.range(0, ranges.size())
                .flatMap(i -> {
                    var one = new IndexSelection(field, count, remedy);
                    one.add("%s[%d]".formatted(field, i), ranges.get(i));
                    return one.chosen.stream();
                })
                .toArray();
    }

    /**
     * Resolves one index.
     *
     * @param field its name, for errors
     */
    static int one(String field, int given, int count, String remedy) {
        if (given < -count || given >= count) {
            throw InvalidFieldException.outOfRange(field, given, -count, count - 1, remedy);
        }
        return given < 0 ? given + count : given;
    }

    private void add(String name, IndexRange range) {
        int first = one(name + ".first", range.first().orElse(0), count, remedy);
        int given = range.last().orElse(-1);
        int last = one(name + ".last", given, count, remedy);
        if (last < first) {
            throw InvalidFieldException.outOfRange(
                    name + ".last", given, given < 0 ? first - count : first, given < 0 ? -1 : count - 1, remedy);
        }
        int stride = range.stride().orElse(1);
        if (stride < 1) {
            throw InvalidFieldException.outOfRange(
                    name + ".stride", stride, 1, Integer.MAX_VALUE, "Leave the field out to take every index.");
        }
        for (long index = first; index < last; index += stride) {
            add(name, (int) index);
        }
        add(name, last);
    }

    private void add(String name, int index) {
        if (chosen.get(index)) {
            throw InvalidFieldException.of(
                    name, Problem.DUPLICATE, Integer.toString(index), "Ask for each of the " + field + " once.");
        }
        chosen.set(index);
    }
}
