package dev.stratalens.server.grpc;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.error.InvalidFieldException.Problem;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tags that a stream has used, as runs of neighbors: a stream of any length that numbers its prompts needs one run.
 * Not thread-safe.
 */
final class UsedTags {

    static final int MAX_RUNS = 65_536;

    private static final String FIELD = "prompt.tag";

    /** First to last tag of each run. */
    private final TreeMap<Long, Long> runs = new TreeMap<>();

    /** @throws InvalidFieldException if the tag was added before, or the tags so far are too scattered to remember */
    void add(long tag) {
        Map.Entry<Long, Long> below = runs.floorEntry(tag);
        if (below != null && below.getValue() >= tag) {
            throw InvalidFieldException.of(
                    FIELD, Problem.DUPLICATE, Long.toString(tag), "Give each prompt of a stream a tag of its own.");
        }
        long first = below != null && below.getValue() == tag - 1 ? below.getKey() : tag;
        Map.Entry<Long, Long> above = runs.higherEntry(tag);
        if (above != null && above.getKey() == tag + 1) {
            runs.remove(above.getKey());
            runs.put(first, above.getValue());
        } else {
            runs.put(first, tag);
        }
        if (runs.size() > MAX_RUNS) {
            throw InvalidFieldException.tooMany(
                    FIELD, runs.size(), MAX_RUNS, "Number the prompts of a stream one after the other.");
        }
    }
}
