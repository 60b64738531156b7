package dev.stratalens.report.figure;

import java.util.ArrayList;
import java.util.List;

/** Round numbers along a range. */
final class Ticks {

    private Ticks() {}

    /** Multiples of 1, 2 or 5 times a power of ten within the range: about as many as wanted, at least two. */
    static List<Double> linear(double low, double high, int wanted) {
        double step = step(low, high, wanted);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Whole numbers only. */
    static List<Double> whole(double low, double high, int wanted) {
        double step = Math.max(1, step(low, high, wanted));
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Powers of ten within the range; every n-th if there are too many. */
    static List<Double> powers(double low, double high, int wanted) {
        int first = (int) Math.ceil(Math.log10(low) - 1e-9);
        int last = (int) Math.floor(Math.log10(high) + 1e-9);
        int step = Math.max(1, (int) Math.ceil((last - first + 1) / (double) wanted));
        List<Double> ticks = new ArrayList<>();
        for (int power = first; power <= last; power += step) {
            ticks.add(Math.pow(10, power));
        }
        return ticks;
    }

    static double step(double low, double high, int wanted) {
        double rough = (high - low) / Math.max(1, wanted);
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= rough * 0.999) {
                return factor * power;
            }
        }
        return 10 * power;
    }
}
