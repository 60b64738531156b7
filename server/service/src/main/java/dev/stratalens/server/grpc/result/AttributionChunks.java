package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.AttributedLogits;
import dev.stratalens.engine.lens.result.AttributedPart;
import dev.stratalens.v1.AttributedLogitsChunk;
import dev.stratalens.v1.AttributionChunk;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Cuts an attribution into messages of bounded size. */
record AttributionChunks(LensPlan plan) {

    private static final int MAX_VALUES = 65_536;

    void split(AttributedPart part, Consumer<AttributionChunk> consumer) {
        int perPosition = plan.targets().size() * part.heads();
        int step = Math.max(1, MAX_VALUES / perPosition);
        for (int first = 0; first < positions(); first += step) {
            int end = Math.min(first + step, positions());
            consumer.accept(AttributionChunk.newBuilder()
                    .setPart(part.part())
                    .setFirstPosition(first)
                    .setPositionCount(end - first)
                    .addAllShares(some(part.values(), first * perPosition, end * perPosition))
                    .build());
        }
    }

    void split(AttributedLogits logits, Consumer<AttributedLogitsChunk> consumer) {
        int targets = plan.targets().size();
        int step = Math.max(1, MAX_VALUES / (2 * targets));
        for (int first = 0; first < positions(); first += step) {
            int end = Math.min(first + step, positions());
            consumer.accept(AttributedLogitsChunk.newBuilder()
                    .setFirstPosition(first)
                    .setPositionCount(end - first)
                    .addAllBiasShares(some(logits.biases(), first * targets, end * targets))
                    .addAllLogits(some(logits.logits(), first * targets, end * targets))
                    .build());
        }
    }

    private int positions() {
        return plan.positions().length;
    }

    private static Iterable<Float> some(float[] values, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> values[i]).toList();
    }
}
