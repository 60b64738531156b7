package dev.stratalens.engine.lens.plan;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A fitted lens that a model has.
 *
 * @param name by which requests ask for it
 * @param readPoints those with a map, by depth; one without a map has no cells, but for the last block, which is then the model's own
 *     output
 */
public record KnownLens(String name, SortedSet<ReadPoint> readPoints) {

    /** Copies the set. */
    public KnownLens {
        readPoints = Collections.unmodifiableSortedSet(new TreeSet<>(readPoints));
    }

    /** Where it reads among those of a plan; maybe nowhere. */
    LensCoverage coverage(List<ReadPoint> wanted, ReadPoint lastBlock) {
        return new LensCoverage(
                IntStream.range(0, wanted.size())
                        .filter(i -> readPoints.contains(wanted.get(i))
                                || wanted.get(i).equals(lastBlock))
                        .boxed()
                        .toList(),
                !readPoints.contains(lastBlock));
    }

    /** {@code the embedding and the layers 0, 2 to 10}, for messages. */
    String inWords() {
        String layers = ranges(readPoints.stream()
                .filter(ReadPoint::isLayer)
                .mapToInt(ReadPoint::block)
                .toArray());
        boolean embedding = readPoints.contains(ReadPoint.EMBEDDING);
        return (embedding ? "the embedding" : "")
                + (embedding && !layers.isEmpty() ? " and " : "")
                + (layers.isEmpty() ? "" : "layers " + layers);
    }

    private static String ranges(int[] ascending) {
        return IntStream.range(0, ascending.length)
                .filter(i -> i == 0 || ascending[i] != ascending[i - 1] + 1)
                .mapToObj(first -> {
                    int last = first;
                    while (last + 1 < ascending.length && ascending[last + 1] == ascending[last] + 1) {
                        last++;
                    }
                    return first == last
                            ? Integer.toString(ascending[first])
                            : "%d to %d".formatted(ascending[first], ascending[last]);
                })
                .collect(Collectors.joining(", "));
    }
}
