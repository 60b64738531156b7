package dev.stratalens.engine.lens.plan;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import java.util.BitSet;
import java.util.List;

/** Turns ranges into ascending, unique indexes of 0 .. count-1. */
final class IndexSelection {

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
     * @param remedy what a caller should do whose index does not exist
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

    private void add(String name, IndexRange range) {
        long first = within(name + ".first", range.first(), 0);
        long last =
                range.last().isPresent() ? within(name + ".last", range.last().getAsInt(), first) : count - 1;
        long stride = Math.max(1, Integer.toUnsignedLong(range.stride()));
        for (long index = first; index < last; index += stride) {
            add(name, (int) index);
        }
        add(name, (int) last);
    }

    private void add(String name, int index) {
        if (chosen.get(index)) {
            throw InvalidFieldException.of(
                    name, Problem.DUPLICATE, Integer.toString(index), "Ask for each of the " + field + " once.");
        }
        chosen.set(index);
    }

    private long within(String name, int given, long minimum) {
        long index = Integer.toUnsignedLong(given);
        if (index < minimum || index >= count) {
            throw InvalidFieldException.outOfRange(name, index, minimum, count - 1, remedy);
        }
        return index;
    }
}
