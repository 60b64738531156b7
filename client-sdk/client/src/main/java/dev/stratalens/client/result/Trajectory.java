package dev.stratalens.client.result;

/**
 * One tracked token at one position through all layers of the run. Values are indexed like
 * {@link LensResult#layers()}, the embedding included if it was asked for. Immutable, thread-safe.
 */
public final class Trajectory {

    private static final double MILLION = 1e6;

    private final Token token;
    private final TrackedColumns columns;
    private final int offset;
    private final int size;

    Trajectory(Token token, TrackedColumns columns, int row, int size) {
        this.token = token;
        this.columns = columns;
        this.offset = row * size;
        this.size = size;
    }

    /** The token. */
    public Token token() {
        return token;
    }

    /** Number of layers. */
    public int size() {
        return size;
    }

    /** Whether values are float32 log-probabilities rather than millionths. */
    public boolean isExact() {
        return columns.ppm().length == 0;
    }

    /** The token's probability, 0 .. 1; to the nearest millionth unless {@link #isExact()}. */
    public double probability(int layerIndex) {
        int at = at(layerIndex);
        return isExact() ? Math.exp(columns.logProbs()[at]) : columns.ppm()[at] / MILLION;
    }

    /** The token's log-probability; minus infinity where a millionth is too coarse. */
    public double logProbability(int layerIndex) {
        int at = at(layerIndex);
        return isExact() ? columns.logProbs()[at] : Math.log(columns.ppm()[at] / MILLION);
    }

    /** The highest probability of any layer. */
    public double peak() {
        double peak = 0;
        for (int layerIndex = 0; layerIndex < size; layerIndex++) {
            peak = Math.max(peak, probability(layerIndex));
        }
        return peak;
    }

    private int at(int layerIndex) {
        if (layerIndex < 0 || layerIndex >= size) {
            throw new IllegalArgumentException("layer index " + layerIndex + " is outside 0 .. " + (size - 1)
                    + "; it counts the run's layers, it is no layer number");
        }
        return offset + layerIndex;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Trajectory that)
                || !token.equals(that.token)
                || size != that.size
                || isExact() != that.isExact()) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (Double.compare(logProbability(i), that.logProbability(i)) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return token.hashCode();
    }

    @Override
    public String toString() {
        return "Trajectory[token=" + token + ", size=" + size + ", peak=" + peak() + "]";
    }
}
