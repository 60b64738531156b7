package dev.stratalens.engine.checkpoint.gguf.family;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.checkpoint.Decoding;
import dev.stratalens.engine.checkpoint.StoredBytes;
import dev.stratalens.engine.checkpoint.gguf.family.GgufPieces.Piece;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each number of these decodings is its own index, after a first one, so that a wrong place shows. */
class GgufPiecesTest {

    private static final int TOGETHER = 4;
    private static final StoredBytes UNREAD = new StoredBytes();

    @Test
    void everyRangeIsThatOfTheNumbersOneAfterAnother() {
        var pieces = new GgufPieces(
                List.of(new Piece(numbersFrom(0), 8), new Piece(numbersFrom(8), 4), new Piece(numbersFrom(12), 12)));
        for (int first = 0; first < 24; first++) {
            for (int count = 1; first + count <= 24; count++) {
                float[] decoded = new float[count + 1];
                pieces.decode(UNREAD, first, count, decoded, 1);

                assertArrayEquals(expected(first, count), decoded);
            }
        }
    }

    @Test
    void matricesSideBySideHaveTheirRowsInTurn() {
        Decoding both = GgufPieces.sideBySide(List.of(numbersFrom(0), numbersFrom(100)), 2);
        float[] decoded = new float[8];
        both.decode(UNREAD, 8, 8, decoded, 0);

        assertEquals(2 * TOGETHER, both.granularity());
        assertArrayEquals(new float[] {4, 5, 104, 105, 6, 7, 106, 107}, decoded);
    }

    private static float[] expected(int first, int count) {
        float[] numbers = new float[count + 1];
        IntStream.range(0, count).forEach(i -> numbers[i + 1] = first + i);
        return numbers;
    }

    /** Decodes whole groups alone, as quantized blocks do. */
    private static Decoding numbersFrom(int start) {
        return Decoding.of(TOGETHER, (files, first, count, to, at) -> {
            assertEquals(0, first % TOGETHER);
            assertEquals(0, count % TOGETHER);
            IntStream.range(0, count).forEach(i -> to[at + i] = start + first + i);
        });
    }
}
