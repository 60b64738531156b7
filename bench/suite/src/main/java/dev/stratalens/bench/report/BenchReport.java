package dev.stratalens.bench.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that a run of the bench found out.
 *
 * @param machine facts by name
 * @param model facts by name
 * @param figures in the order of the sections
 * @param notes remarks, such as that something disturbed a measurement
 */
public record BenchReport(
        Map<String, String> machine, Map<String, String> model, List<Figure> figures, List<String> notes) {

    public BenchReport {
        machine = Collections.unmodifiableMap(new LinkedHashMap<>(machine));
        model = Collections.unmodifiableMap(new LinkedHashMap<>(model));
        figures = List.copyOf(figures);
        notes = List.copyOf(notes);
    }
}
