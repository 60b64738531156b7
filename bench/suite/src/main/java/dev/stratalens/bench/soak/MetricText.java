package dev.stratalens.bench.soak;

import java.util.Arrays;

/** Metrics as Prometheus reads them. */
record MetricText(String text) {

    /**
     * The sum of the values of a metric.
     *
     * @param labels that a value must have, such as {@code a="b"}
     * @throws IllegalArgumentException if there is none
     */
    double sum(String name, String... labels) {
        double[] values = text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> Arrays.stream(labels).allMatch(line::contains))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        if (values.length == 0) {
            throw new IllegalArgumentException("no metric " + name + " " + Arrays.toString(labels));
        }
        return Arrays.stream(values).sum();
    }
}
