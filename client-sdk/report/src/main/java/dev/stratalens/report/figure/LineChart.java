package dev.stratalens.report.figure;

import java.util.List;

/**
 * Curves over layers, or over anything else.
 *
 * @param title a sentence; may be empty
 * @param note a remark in smaller letters; may be empty
 * @param x the axis across
 * @param y the vertical axis
 * @param curves in the order of the legend
 */
public record LineChart(String title, String note, Axis x, Axis y, List<Curve> curves) {

    /** Division of an axis. */
    public enum Division {
        /** Evenly. */
        LINEAR,
        /** By powers of ten; values up to 0 are gaps. */
        LOG,
        /** By powers of ten, with 1, the best rank, at the top. */
        RANK,
        /** By layer numbers; -1 is the embedding. */
        LAYER
    }

    /**
     * An axis.
     *
     * @param label the quantity with its unit
     * @param division its division
     * @param low its lowest value; NaN = as the points need
     * @param high its highest value; NaN = as the points need
     */
    public record Axis(String label, Division division, double low, double high) {

        /** An axis that covers the points. */
        public static Axis of(String label, Division division) {
            return new Axis(label, division, Double.NaN, Double.NaN);
        }

        /** Layer numbers. */
        public static Axis layers() {
            return of("layer", Division.LAYER);
        }

        /** Probabilities, 0 .. 1. */
        public static Axis probability(String label) {
            return new Axis(label, Division.LINEAR, 0, 1);
        }
    }

    /**
     * One curve.
     *
     * @param name as in the legend
     * @param points by ascending x
     */
    public record Curve(String name, List<Point> points) {
        /** Copies the points. */
        public Curve {
            points = List.copyOf(points);
        }
    }

    /**
     * One point. NaN for y is a gap; NaN for both bounds is no band.
     *
     * @param x horizontal value
     * @param y vertical value
     * @param lower lower edge of the band
     * @param upper upper edge of the band
     */
    public record Point(double x, double y, double lower, double upper) {

        /** A point without a band. */
        public static Point of(double x, double y) {
            return new Point(x, y, Double.NaN, Double.NaN);
        }

        /** Whether there is a band here. */
        public boolean hasBand() {
            return !Double.isNaN(lower) && !Double.isNaN(upper);
        }
    }

    /** Copies the curves. */
    public LineChart {
        curves = List.copyOf(curves);
    }
}
