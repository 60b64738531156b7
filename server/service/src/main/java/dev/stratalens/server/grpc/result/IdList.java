package dev.stratalens.server.grpc.result;

import java.util.Arrays;

/** The ids that were named at one position of a stream, numbered from 1 in order of first use. Not thread-safe. */
final class IdList {

    private static final int ROOM = 8;

    private int count;
    /** Ascending; the first {@link #count} count. */
    private int[] ids = new int[ROOM];
    /** Number of each of them. */
    private int[] numbers = new int[ROOM];

    int size() {
        return count;
    }

    /** The number of an id; 0 if it is not in the list. */
    int numberOf(int id) {
        int index = Arrays.binarySearch(ids, 0, count, id);
        return index < 0 ? 0 : numbers[index];
    }

    /** Adds an id that is not in the list. */
    void add(int id) {
        int index = -1 - Arrays.binarySearch(ids, 0, count, id);
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        System.arraycopy(ids, index, ids, index + 1, count - index);
        System.arraycopy(numbers, index, numbers, index + 1, count - index);
        ids[index] = id;
        numbers[index] = ++count;
    }
}
