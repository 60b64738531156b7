package dev.stratalens.server.grpc.result;

import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.PromptChunk;

/** Says which tokens are positions, as ranges: one for each run of equal steps. */
final class PositionRanges {

    private final int[] positions;
    private int next;

    /** @param positions token indices, ascending */
    PositionRanges(int[] positions) {
        this.positions = positions;
    }

    /** Adds those before a token that were not added yet. */
    void addBefore(int endToken, PromptChunk.Builder chunk) {
        while (next < positions.length && positions[next] < endToken) {
            int first = next++;
            int stride = 1;
            if (next < positions.length && positions[next] < endToken) {
                stride = positions[next] - positions[first];
                while (next < positions.length
                        && positions[next] < endToken
                        && positions[next] - positions[next - 1] == stride) {
                    next++;
                }
            }
            chunk.addPositions(IndexRange.newBuilder()
                    .setFirst(positions[first])
                    .setLast(positions[next - 1])
                    .setStride(stride));
        }
    }
}
