package dev.stratalens.cli.lenses;

import dev.stratalens.engine.lens.plan.ReadPoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Read points in words. */
final class ReadPointNames {

    private ReadPointNames() {}

    /** All in one line, of a lens that a server describes. */
    static String of(boolean embedding, List<Integer> layers) {
        return of(points(embedding, layers));
    }

    /** One name for each, of a lens that a server describes. */
    static List<String> all(boolean embedding, List<Integer> layers) {
        return all(points(embedding, layers));
    }

    private static List<ReadPoint> points(boolean embedding, List<Integer> layers) {
        return Stream.concat(
                        embedding ? Stream.of(ReadPoint.EMBEDDING) : Stream.empty(),
                        layers.stream().map(ReadPoint::layer))
                .toList();
    }

    /** One name for each: "embedding" or "layer 3". */
    static List<String> all(Collection<ReadPoint> points) {
        return points.stream()
                .map(point -> point.equals(ReadPoint.EMBEDDING) ? "embedding" : "layer " + point.block())
                .toList();
    }

    /** All in one line; layers that follow each other as a range. */
    static String of(Collection<ReadPoint> points) {
        List<String> parts = new ArrayList<>();
        int first = -1;
        int last = -2;
        for (ReadPoint point : points) {
            if (point.equals(ReadPoint.EMBEDDING)) {
                parts.add("embedding");
            } else if (point.block() == last + 1) {
                last = point.block();
                parts.set(parts.size() - 1, "layers " + first + " to " + last);
            } else {
                first = point.block();
                last = first;
                parts.add("layer " + first);
            }
        }
        return String.join(", ", parts);
    }
}
