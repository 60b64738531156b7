package dev.stratalens.client.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.result.SweepCell;
import dev.stratalens.client.result.SweepResult;
import dev.stratalens.v1.IndexRange;
import dev.stratalens.v1.ModelDescription;
import dev.stratalens.v1.PromptChunk;
import dev.stratalens.v1.SweepCells;
import dev.stratalens.v1.SweepEvent;
import dev.stratalens.v1.SweepHeader;
import dev.stratalens.v1.SweepSummary;
import dev.stratalens.v1.TokenTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A sweep of two layers, one position and two heads, whole and damaged. */
class SweepAssemblerTest {

    private static final SweepEvent HEADER = SweepEvent.newBuilder()
            .setHeader(SweepHeader.newBuilder()
                    .setModel(ModelDescription.newBuilder().setVocabularySize(10))
                    .setTokenCount(2)
                    .addAllLayers(List.of(3, 5))
                    .addPositions(1)
                    .addAllHeads(List.of(0, 4))
                    .setUnchanged(7))
            .build();
    private static final SweepEvent PROMPT = SweepEvent.newBuilder()
            .setPromptChunk(PromptChunk.newBuilder()
                    .addAllTokenIds(List.of(4, 6))
                    .addPositions(IndexRange.newBuilder().setFirst(1).setLast(1).setStride(1))
                    .setNewTokens(TokenTable.newBuilder()
                            .addAllIds(List.of(4, 6))
                            .addTexts(ByteString.copyFromUtf8("a"))
                            .addTexts(ByteString.copyFromUtf8("b"))))
            .build();
    private static final SweepEvent LAST = cells(3, 0.75f);
    private static final List<SweepEvent> WHOLE =
            List.of(HEADER, PROMPT, SweepEvent.getDefaultInstance(), LAST, cells(0, 0, 0.25f, 0.5f), summary(4));

    @Test
    void cellsAreByLayerThenPositionThenHead() {
        SweepResult result = read(WHOLE);
        assertEquals(
                List.of("3 1 0 0.0", "3 1 4 0.25", "5 1 0 0.5", "5 1 4 0.75"),
                result.cells().stream().map(SweepAssemblerTest::words).toList());
    }

    private static String words(SweepCell cell) {
        return "%d %d %d %s"
                .formatted(cell.layer(), cell.position(), cell.head().orElseThrow(), cell.value());
    }

    static Stream<Named<Consumer<List<SweepEvent>>>> damages() {
        return Stream.of(
                Named.of("no header", events -> events.remove(0)),
                Named.of("two headers", events -> events.add(1, HEADER)),
                Named.of("no prompt", events -> events.remove(1)),
                Named.of("no cells", events -> events.remove(3)),
                Named.of("cells twice", events -> events.add(3, LAST)),
                Named.of("no summary", events -> events.remove(5)),
                Named.of("cells after it", events -> events.add(LAST)),
                Named.of("another count", events -> events.set(5, summary(5))),
                Named.of("beyond the grid", events -> events.set(3, cells(4, 1))),
                Named.of("before the grid", events -> events.set(3, cells(-1, 1))),
                Named.of("other positions", events -> events.set(0, header(header -> header.setPositions(0, 0)))),
                Named.of(
                        "more cells than fit in memory",
                        events -> events.set(
                                0,
                                header(header -> header.addAllLayers(Collections.nCopies(50_000, 5))
                                        .addAllHeads(Collections.nCopies(50_000, 4))))));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void whatContradictsItselfIsABrokenStream(Consumer<List<SweepEvent>> damage) {
        List<SweepEvent> events = new ArrayList<>(WHOLE);
        damage.accept(events);
        assertEquals(
                ErrorCode.BROKEN_STREAM,
                assertThrows(LensException.class, () -> read(events)).code());
    }

    private static SweepResult read(List<SweepEvent> events) {
        SweepAssembler assembler = new SweepAssembler();
        events.forEach(assembler::add);
        return assembler.finish();
    }

    private static SweepEvent header(Consumer<SweepHeader.Builder> change) {
        SweepHeader.Builder header = HEADER.getHeader().toBuilder();
        change.accept(header);
        return SweepEvent.newBuilder().setHeader(header).build();
    }

    private static SweepEvent cells(long first, float... values) {
        SweepCells.Builder cells = SweepCells.newBuilder().setFirstCell(first);
        for (float value : values) {
            cells.addValues(value);
        }
        return SweepEvent.newBuilder().setCells(cells).build();
    }

    private static SweepEvent summary(long count) {
        return SweepEvent.newBuilder()
                .setSummary(SweepSummary.newBuilder().setCellCount(count))
                .build();
    }
}
