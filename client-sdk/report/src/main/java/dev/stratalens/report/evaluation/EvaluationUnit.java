package dev.stratalens.report.evaluation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The totals of one document or question, which may come in parts. Not thread-safe. */
public final class EvaluationUnit {

    private final Map<EvaluationSeries, double[]> totals = new LinkedHashMap<>();
    private long tokens;
    private long bytes;

    /** Starts without any. */
    public EvaluationUnit() {}

    void count(long moreTokens, long moreBytes) {
        tokens += moreTokens;
        bytes += moreBytes;
    }

    void add(EvaluationSeries series, double value, double weight) {
        double[] total = totals.computeIfAbsent(series, unseen -> new double[2]);
        total[0] += value;
        total[1] += weight;
    }

    /** Whether nothing was read. */
    public boolean isEmpty() {
        return totals.isEmpty();
    }

    long tokens() {
        return tokens;
    }

    long bytes() {
        return bytes;
    }

    void forEach(BiConsumer<EvaluationSeries, double[]> receiver) {
        totals.forEach(receiver);
    }
}
