package dev.stratalens.client.result;

/**
 * One tracked token at one position through all layers of the run. Values are indexed like
 * {@link LensResult#layers()}, the embedding included if it was asked for. Immutable, thread-safe.
 */
public final class Trajectory {

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

    /** The token's probability, 0 .. 1; 0 where a result that was read from a file does not know it. */
    public double probability(int layerIndex) {
        double logProbability = logProbability(layerIndex);
        return Double.isNaN(logProbability) ? 0 : Math.exp(logProbability);
    }

    /**
     * The token's log-probability; NaN where a result that was read from a file does not know it, because the file's
     * probabilities have too few places.
     */
    public double logProbability(int layerIndex) {
        return columns.logProbs()[at(layerIndex)];
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
        if (!(other instanceof Trajectory that) || !token.equals(that.token) || size != that.size) {
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
