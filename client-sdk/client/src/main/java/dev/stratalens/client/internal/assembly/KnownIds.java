package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import java.util.Arrays;
import java.util.List;

/**
 * The ids that were named at each position of a stream, in order of first use, whatever the lens. Reference n &gt; 0 is the
 * n-th of them; 0 names the next new one.
 */
final class KnownIds {

    private final int[][] seen;
    private final int[] counts;

    KnownIds(int positions) {
        seen = new int[positions][8];
        counts = new int[positions];
    }

    /** The new ids of one chunk, in order. */
    static final class NewIds {
        private final String chunk;
        private final List<Integer> ids;
        private int taken;

        NewIds(String chunk, List<Integer> ids) {
            this.chunk = chunk;
            this.ids = ids;
        }

        private int next() {
            require(taken < ids.size(), "%s: token_ids has %d values and a reference to one more", chunk, ids.size());
            return ids.get(taken++);
        }

        /** Refuses ids to which no reference came. */
        void requireAllTaken() {
            require(taken == ids.size(), "%s: token_ids has %d values where %d are new", chunk, ids.size(), taken);
        }
    }

    /** All ids of a position. */
    int[] all(int position) {
        return Arrays.copyOf(seen[position], counts[position]);
    }

    /** The id that a reference means. */
    int resolve(int position, int reference, NewIds newIds) {
        if (reference == 0) {
            return add(position, newIds.next(), newIds.chunk);
        }
        require(
                reference > 0 && reference <= counts[position],
                "%s: reference %s to one of %d ids",
                newIds.chunk,
                Integer.toUnsignedString(reference),
                counts[position]);
        return seen[position][reference - 1];
    }

    private int add(int position, int id, String chunk) {
        int count = counts[position];
        for (int i = 0; i < count; i++) {
            require(seen[position][i] != id, "%s: token id %d came as new, but is known at its position", chunk, id);
        }
        if (count == seen[position].length) {
            seen[position] = Arrays.copyOf(seen[position], 2 * count);
        }
        seen[position][count] = id;
        counts[position]++;
        return id;
    }
}
