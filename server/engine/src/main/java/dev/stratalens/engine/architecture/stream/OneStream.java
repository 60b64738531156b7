package dev.stratalens.engine.architecture.stream;

import java.util.Map;

/** One vector for each token, to which the branches of a block are added. */
public record OneStream() implements ResidualStreams {

    @Override
    public String program() {
        return "one_stream";
    }

    @Override
    public Map<String, Object> constants() {
        return Map.of();
    }

    @Override
    public int count() {
        return 1;
    }
}
