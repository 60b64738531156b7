package dev.stratalens.server.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.model.checkpoint.Checkpoint;
import dev.stratalens.server.model.torch.TorchScope;
import dev.stratalens.server.model.torch.TorchTensor;
import dev.stratalens.server.parity.ParityCases;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logits of chosen tokens are the same however many unembedding rows are gathered at a time. */
class HeadTest {

    private static final int ROWS = 3;

    private final CausalLanguageModel model = CausalLanguageModel.load(
            Checkpoint.open(ParityCases.named("llama").modelDirectory()), Precision.FLOAT32, (done, total) -> {});
    private final Head head = model.head();
    private final int hidden = model.architecture().sizes().hiddenSize();
    /** Enough ids that those of one row alone take more than one gathering. */
    private final long[] ids = new Random(7)
            .ints(Head.GATHERED_NUMBERS / hidden + 1000, 0, head.vocabularySize())
            .asLongStream()
            .toArray();

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void manyTokensOfEachRowAreThoseOfEachTokenAlone() {
        try (TorchScope scope = head.scope()) {
            TorchTensor rows = rows(scope);
            long[] ofEachRow = IntStream.range(0, ROWS)
                    .mapToObj(row -> ids)
                    .flatMapToLong(Arrays::stream)
                    .toArray();
            assertArrayEquals(expected(scope, rows), head.logitsOf(scope, rows, ofEachRow, ids.length), 1e-4f);
        }
    }

    @Test
    void manyTokensOfAllRowsAreThoseOfEachTokenAlone() {
        try (TorchScope scope = head.scope()) {
            TorchTensor rows = rows(scope);
            assertArrayEquals(expected(scope, rows), head.logitsOfTokens(scope, rows, ids), 1e-4f);
        }
    }

    /** From the logits of the whole vocabulary, which one gathering holds. */
    private float[] expected(TorchScope scope, TorchTensor rows) {
        int vocabulary = head.vocabularySize();
        assertTrue(vocabulary < Head.GATHERED_NUMBERS / hidden);
        long[] all = IntStream.range(0, vocabulary).asLongStream().toArray();
        float[] logits = head.logitsOfTokens(scope, rows, all);
        var expected = new float[ROWS * ids.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = logits[i / ids.length * vocabulary + (int) ids[i % ids.length]];
        }
        return expected;
    }

    private TorchTensor rows(TorchScope scope) {
        var random = new Random(1);
        var values = new float[ROWS * hidden];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return scope.floats(values, ROWS, hidden);
    }
}
