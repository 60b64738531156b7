package dev.stratalens.server.grpc.result;

import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.v1.CellChunk;
import dev.stratalens.v1.NumberForm;
import java.util.List;
import java.util.function.Consumer;

/** Cuts cells into messages that stay far below the 4 MiB that clients accept, in the form that was asked for. */
final class CellChunks {

    private static final int MAX_ENTRIES = 16_384;

    private final LensPlan plan;
    private final int[] targetIds;
    private final List<ColumnCode> columns;
    private final CellForm exact;
    private final CellForm asked;
    private final NamedIds references;
    private final SentTexts texts;
    private final SentCells sent;

    /**
     * @param targetIds [p * m]; negative where there is none
     * @param lastToken index of the position after which no token comes; -1 if there is none
     */
    CellChunks(
            LensPlan plan,
            int[] targetIds,
            int lastToken,
            NumberForm form,
            NamedIds references,
            SentTexts texts,
            SentCells sent) {
        this.plan = plan;
        this.targetIds = targetIds;
        this.columns = plan.statistics().stream().map(ColumnCode::of).toList();
        var compact = new CompactCells(plan, targetIds, columns, lastToken);
        this.exact = new ExactCells(plan, targetIds, columns, compact);
        this.asked = form == NumberForm.NUMBER_FORM_FLOAT32 ? exact : compact;
        this.references = references;
        this.texts = texts;
        this.sent = sent;
    }

    /** Makes one message after the other, so that no more than one is held. */
    void split(CellReadout cells, Consumer<CellChunk> consumer) {
        int positions = plan.positions().length;
        int width = plan.topK() + plan.targets().size() + columns.size();
        int step = Math.max(1, MAX_ENTRIES / width);
        for (int first = 0; first < positions; ) {
            CellChunk.Builder chunk = CellChunk.newBuilder()
                    .setLens(cells.lens())
                    .setReadPoint(cells.readPoint())
                    .setFirstPosition(first);
            int end = addIds(chunk, cells, first, Math.min(first + step, positions));
            CellForm form = asked.has(cells, first, end) ? asked : exact;
            form.add(chunk, cells, first, end);
            sent.sent(cells, first, end, form == exact);
            consumer.accept(chunk.setPositionCount(end - first).build());
            first = end;
        }
    }

    /** Adds what is named, up to where the texts get too many; gives the position after the last one. */
    private int addIds(CellChunk.Builder chunk, CellReadout cells, int first, int limit) {
        int topK = plan.topK();
        int targets = plan.targets().size();
        SentTexts.Table table = texts.table();
        int position = first;
        while (position < limit && !table.isFull()) {
            for (int i = position * topK; i < (position + 1) * topK; i++) {
                int id = cells.topIds()[i];
                references.name(position, id, chunk::addTokenRefs, chunk::addTokenIds);
                table.add(id);
            }
            for (int i = position * targets; i < (position + 1) * targets; i++) {
                chunk.addTargetRanks(targetIds[i] < 0 ? 0 : cells.targetRanks()[i]);
            }
            position++;
        }
        chunk.setNewTokens(table.build());
        return position;
    }
}
