package dev.stratalens.cli.summary;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The rows that have the same values in the columns that group them, through one lens. Not thread-safe. */
final class SummaryGroup {

    private final List<String> values;
    private final String lens;
    private final Map<String, TreeMap<Integer, LayerSums>> measures = new HashMap<>();
    private String lastId = "";
    private long documents;

    /** @param values of the columns, in their order; empty for null */
    SummaryGroup(List<String> values, String lens) {
        this.values = values;
        this.lens = lens;
    }

    List<String> values() {
        return values;
    }

    String lens() {
        return lens;
    }

    /** Counts a document at its first row; the rows of one follow each other. */
    void document(String id) {
        if (!id.equals(lastId)) {
            documents++;
            lastId = id;
        }
    }

    long documents() {
        return documents;
    }

    void add(SummaryMeasure measure, int layer, double stored) {
        measures.computeIfAbsent(measure.key(), key -> new TreeMap<>())
                .computeIfAbsent(layer, number -> new LayerSums(measure.kind()))
                .add(stored);
    }

    /** Layers with a number, ascending. */
    Set<Integer> layers(SummaryMeasure measure) {
        return measures.getOrDefault(measure.key(), new TreeMap<>()).keySet();
    }

    /** The numbers at a layer, if there are any. */
    Optional<LayerSums> at(SummaryMeasure measure, int layer) {
        return Optional.ofNullable(
                measures.getOrDefault(measure.key(), new TreeMap<>()).get(layer));
    }
}
