package dev.stratalens.bench.server;

import java.util.List;

/**
 * A prompt of an exact length.
 *
 * @param text natural English
 * @param tokenIds as the model reads it
 */
public record BenchPrompt(String text, List<Integer> tokenIds) {

    public BenchPrompt {
        tokenIds = List.copyOf(tokenIds);
    }

    public int length() {
        return tokenIds.size();
    }

    public int[] ids() {
        return tokenIds.stream().mapToInt(Integer::intValue).toArray();
    }
}
