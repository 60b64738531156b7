package dev.stratalens.engine.architecture.stream;

import java.util.Map;

/**
 * Alternating updates (Baykal et al., 2023): a block predicts all streams, computes its branches for the active one, and corrects
 * the others by what was wrong in its prediction. The model reads the mean of projections of the streams.
 *
 * @param count of the streams, 2 or more
 * @param active index of the stream that the branches read
 */
public record AltUp(int count, int active) implements ResidualStreams {

    @Override
    public String program() {
        return "altup";
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of("stream_count", (long) count, "active_stream", (long) active);
    }
}
