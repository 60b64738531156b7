package dev.stratalens.bench;

import java.util.List;

/**
 * A prompt of an exact length.
 *
 * @param text natural English
 * @param tokenIds as the model reads it
 */
record BenchPrompt(String text, List<Integer> tokenIds) {

    BenchPrompt {
        tokenIds = List.copyOf(tokenIds);
    }

    int length() {
        return tokenIds.size();
    }

    int[] ids() {
        return tokenIds.stream().mapToInt(Integer::intValue).toArray();
    }
}
