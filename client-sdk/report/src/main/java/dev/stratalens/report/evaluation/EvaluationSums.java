package dev.stratalens.report.evaluation;

import dev.stratalens.client.request.Lens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * An evaluation as sums over documents or questions, which are forgotten: its memory does not grow with them. The same documents in the
 * same order give the same bits, also if the sums were kept in a file meanwhile. Not thread-safe.
 */
public final class EvaluationSums {

    private final Map<EvaluationSeries, RatioSums> series = new LinkedHashMap<>();
    private long units;
    private long tokens;
    private long bytes;

    /** Sums over nothing yet. */
    public EvaluationSums() {}

    /** Adds a document or a question; one without any number is left out. */
    public void add(EvaluationUnit unit) {
        if (unit.isEmpty()) {
            return;
        }
        units++;
        tokens += unit.tokens();
        bytes += unit.bytes();
        unit.forEach((key, total) -> {
            if (total[1] > 0) {
                series.computeIfAbsent(key, unseen -> new RatioSums()).add(total[0], total[1]);
            }
        });
    }

    /** Continues from counts that were kept: those of {@link #units}, {@link #tokens} and {@link #bytes}. */
    public void restore(long keptUnits, long keptTokens, long keptBytes) {
        units = keptUnits;
        tokens = keptTokens;
        bytes = keptBytes;
    }

    /**
     * Continues from a series that was kept.
     *
     * @throws IllegalArgumentException if these are not the numbers of a series
     */
    public void restore(EvaluationSeries key, double[] numbers) {
        if (numbers.length != RatioSums.SIZE) {
            throw new IllegalArgumentException(
                    "a series has %d numbers, not %d".formatted(RatioSums.SIZE, numbers.length));
        }
        series.put(key, RatioSums.of(numbers));
    }

    /** Gives all series with the numbers that {@link #restore(EvaluationSeries, double[])} takes. */
    public void forEach(BiConsumer<EvaluationSeries, double[]> receiver) {
        series.forEach((key, sums) -> receiver.accept(key, sums.numbers()));
    }

    /** Number of documents or questions. */
    public long units() {
        return units;
    }

    /** Tokens that were read. */
    public long tokens() {
        return tokens;
    }

    /** Bytes of text of these tokens; 0 for questions. */
    public long bytes() {
        return bytes;
    }

    /** The lenses, in the order in which they came. */
    public List<Lens> lenses() {
        return series.keySet().stream().map(EvaluationSeries::lens).distinct().toList();
    }

    /** The layers of a lens, ascending; not {@link EvaluationSeries#ANY_LAYER}. */
    public List<Integer> layers(Lens lens) {
        return series.keySet().stream()
                .filter(key -> key.lens().equals(lens) && key.layer() != EvaluationSeries.ANY_LAYER)
                .map(EvaluationSeries::layer)
                .distinct()
                .sorted()
                .toList();
    }

    /** A mean with its interval; of nothing if the series is not there. */
    public Estimate estimate(EvaluationSeries key) {
        return series.getOrDefault(key, new RatioSums()).estimate();
    }

    /** Total weight of a series, such as tokens; 0 if the series is not there. */
    double weight(EvaluationSeries key) {
        return series.getOrDefault(key, new RatioSums()).weights();
    }
}
