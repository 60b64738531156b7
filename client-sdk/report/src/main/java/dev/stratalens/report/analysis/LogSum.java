package dev.stratalens.report.analysis;

import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** Sums probabilities given by their logarithms. */
final class LogSum {

    private LogSum() {}

    /** ln(sum(exp(x))); a single value unchanged, empty for none. */
    static OptionalDouble of(DoubleStream logProbs) {
        double[] values = logProbs.toArray();
        OptionalDouble highest = DoubleStream.of(values).max();
        if (values.length < 2 || highest.orElseThrow() == Double.NEGATIVE_INFINITY) {
            return highest;
        }
        double largest = highest.orElseThrow();
        double sum = DoubleStream.of(values).map(x -> Math.exp(x - largest)).sum();
        return OptionalDouble.of(largest + Math.log(sum));
    }
}
