package dev.stratalens.server.grpc.result;

/**
 * Numbers of 0 or more as fixed-point logarithms: code = round(scale * ln(1 + x)), off by at most (1 + x) / (2 scale). A trajectory's
 * code of a number is coarser than a cell's, and the cell's shifted right is close to it.
 */
final class LogCode {

    /** Steps to a factor of e, in cells. */
    static final int CELL_SCALE = 1024;
    /** From a cell's code to a trajectory's. */
    static final int TRAJECTORY_SHIFT = 2;

    private LogCode() {}

    /** A statistic's code in a cell; rounding can have made it a little less than 0. */
    static int inCell(double value) {
        return of(value, CELL_SCALE);
    }

    /** A log-probability's code in a cell. */
    static int ofLogProb(double logProb) {
        return of(-logProb, CELL_SCALE);
    }

    /** A log-probability's code in a trajectory. */
    static int ofTrackedLogProb(double logProb) {
        return of(-logProb, CELL_SCALE >> TRAJECTORY_SHIFT);
    }

    private static int of(double value, int scale) {
        return (int) Math.round(scale * Math.log1p(Math.max(0, value)));
    }
}
