package dev.stratalens.server.scheduling;

/**
 * Predicts how long passes take, from what they took lately: a time for each pass, and a time for each unit of its work. That is a
 * line through the passes so far; later ones count more. A light point at zero keeps the line sensible while all passes are
 * of one size. Not thread-safe.
 */
final class PassForecast {

    private static final double DECAY = 0.9;
    private static final double WEIGHT_OF_ZERO = 0.2;

    private double count;
    private double work;
    private double nanos;
    private double workSquared;
    private double workNanos;

    /** A pass has ended. */
    void took(long itsWork, long itsNanos) {
        count = DECAY * count + 1;
        work = DECAY * work + itsWork;
        nanos = DECAY * nanos + itsNanos;
        workSquared = DECAY * workSquared + (double) itsWork * itsWork;
        workNanos = DECAY * workNanos + (double) itsWork * itsNanos;
    }

    /** Whether there was no pass yet; all predictions are 0 then. */
    boolean areUnknown() {
        return count == 0;
    }

    /** How long some passes with this work, all together, will take. */
    long nanos(long passes, long allWork) {
        return (long) (passes * perPass() + allWork * perWork());
    }

    /** The work of a pass that takes so long; less than 0 if even an empty one takes longer. */
    long workWithin(long limit) {
        double left = limit - perPass();
        return left <= 0 ? -1 : (long) Math.min(Long.MAX_VALUE, left / perWork());
    }

    private double perWork() {
        if (areUnknown()) {
            return 0;
        }
        double points = count + WEIGHT_OF_ZERO;
        double variance = workSquared / points - Math.pow(work / points, 2);
        double covariance = workNanos / points - work / points * (nanos / points);
        // Passes that were all canceled before they did anything say nothing of work.
        return variance > 0 ? Math.max(0, covariance / variance) : 0;
    }

    private double perPass() {
        return areUnknown() ? 0 : Math.max(0, (nanos - perWork() * work) / (count + WEIGHT_OF_ZERO));
    }
}
