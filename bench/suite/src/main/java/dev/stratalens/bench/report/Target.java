package dev.stratalens.bench.report;

/**
 * What a figure is to reach.
 *
 * @param side of the bound on which it is met
 * @param bound the bound itself, which meets it
 */
public record Target(Side side, double bound) {

    /** Sides of a bound. */
    public enum Side {
        AT_LEAST,
        AT_MOST
    }

    public static Target atLeast(double bound) {
        return new Target(Side.AT_LEAST, bound);
    }

    public static Target atMost(double bound) {
        return new Target(Side.AT_MOST, bound);
    }

    public boolean isMetBy(double value) {
        return side == Side.AT_LEAST ? value >= bound : value <= bound;
    }

    public String show(Unit unit) {
        return (side == Side.AT_LEAST ? ">= " : "<= ") + unit.show(bound);
    }
}
