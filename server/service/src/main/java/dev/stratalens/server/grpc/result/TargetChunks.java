package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.FinalTargets;
import dev.stratalens.v1.TargetChunk;
import java.util.function.Consumer;

/** Cuts what is known after the forward pass into messages of bounded size. */
final class TargetChunks {

    private static final int MAX_ENTRIES = 16_384;

    private final int positions;
    private final int targets;
    private final SentTexts texts;

    TargetChunks(LensPlan plan, SentTexts texts) {
        this.positions = plan.positions().length;
        this.targets = plan.targets().size();
        this.texts = texts;
    }

    /** Makes one message after the other. */
    void split(FinalTargets known, Consumer<TargetChunk> consumer) {
        int step = MAX_ENTRIES / (1 + targets);
        for (int first = 0; first < positions; ) {
            TargetChunk.Builder chunk = TargetChunk.newBuilder().setFirstPosition(first);
            SentTexts.Table table = texts.table();
            int limit = Math.min(first + step, positions);
            int position = first;
            while (position < limit && !table.isFull()) {
                add(chunk, table, known, position++);
            }
            consumer.accept(chunk.setPositionCount(position - first)
                    .setNewTokens(table.build())
                    .build());
            first = position;
        }
    }

    private void add(TargetChunk.Builder chunk, SentTexts.Table table, FinalTargets known, int position) {
        chunk.addFinalTopIds(known.finalTopIds()[position]).addFinalTopLogProbs(known.finalTopLogProbs()[position]);
        table.add(known.finalTopIds()[position]);
        for (int i = position * targets; i < (position + 1) * targets; i++) {
            int id = known.targetIds()[i];
            if (id < 0) {
                chunk.addMissing(chunk.getTargetIdsCount());
            }
            chunk.addTargetIds(Math.max(0, id));
            table.add(id);
        }
    }
}
