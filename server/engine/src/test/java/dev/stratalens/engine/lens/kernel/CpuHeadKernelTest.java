package dev.stratalens.engine.lens.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.kernel.row.WarmingKernel;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected logits of rows do not depend on other rows of the same call. */
class CpuHeadKernelTest {

    private static final int ROWS = 5;

    /** A head without a softcap, and one with. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2"})
    void expectedLogitsAreThoseOfTheDefinition(String family) {
        try (var fixture = new Fixture(family)) {
            TorchTensor rows = fixture.rows(1);
            TorchTensor others = fixture.rows(2);
            Expectations all = fixture.kernel.expectations(fixture.scope, ROWS);
            for (int first = 0; first < ROWS; first += 2) {
                int end = Math.min(first + 2, ROWS);
                RowReadout readout =
                        fixture.read(fixture.head.slice(fixture.scope, others, first, end), end - first, new int[0]);
                fixture.kernel.keep(all, first, readout.expectations().orElseThrow(), end - first);
            }
            int[] which = {3, 0, 3, 4, 1};

            float[] actual = fixture.kernel.expectedLogits(fixture.scope, rows, all, which);

            float[] logits = fixture.kernel.plainLogits(fixture.scope, rows);
            float[] otherLogits = fixture.kernel.plainLogits(fixture.scope, others);
            int vocabulary = fixture.head.vocabularySize();
            for (int row = 0; row < ROWS; row++) {
                double sum = 0;
                double expected = 0;
                for (int token = 0; token < vocabulary; token++) {
                    double weight = Math.exp(otherLogits[which[row] * vocabulary + token]);
                    sum += weight;
                    expected += weight * logits[row * vocabulary + token];
                }
                assertEquals(expected / sum, actual[row], 1e-3, "row " + row);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gemma2"})
    void whatIsWantedBesideDoesNotChangeALogit(String family) {
        try (var fixture = new Fixture(family)) {
            TorchTensor rows = fixture.head.slice(fixture.scope, fixture.rows(1), 0, 2);
            RowReadout bare = fixture.read(rows, 0, new int[0]);
            RowReadout full = fixture.read(rows, 2, new int[] {1});

            for (int i = 0; i < bare.topIds().length; i++) {
                assertEquals(bare.topIds()[i], full.topIds()[i]);
                assertEquals(bare.topLogits()[i], full.topLogits()[i]);
            }
            float[] plain = fixture.kernel.plainLogits(fixture.scope, rows);
            for (int token = 0; token < fixture.head.vocabularySize(); token++) {
                float logit = full.wholeRows()[0][token];
                assertEquals(plain[fixture.head.vocabularySize() + token], logit, 1e-3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 512})
    void theWorkOfASoftcapIsCounted(int rowLimit) {
        try (var fixture = new Fixture("gemma2", new TileGeometry(rowLimit, 64))) {
            assertTrue(fixture.kernel.workBytes() > 4L * rowLimit * Head.CAPPED_COLUMNS * Float.BYTES);
        }
    }

    private static final class Fixture implements AutoCloseable {

        private final CausalLanguageModel model;
        private final Head head;
        private final TorchScope scope;
        private final CpuHeadKernel kernel;
        private final int width;

        private Fixture(String family) {
            this(family, new TileGeometry(2, 67));
        }

        private Fixture(String family, TileGeometry geometry) {
            model = CausalLanguageModel.load(
                    CheckpointReader.open(ParityCases.named(family).modelDirectory()),
                    Precision.FLOAT32,
                    (done, total) -> {});
            head = model.head();
            scope = head.scope();
            kernel = new CpuHeadKernel(head, geometry, WarmingKernel.vector().orElseThrow(), new RowTeam(3), 1);
            width = head.unembeddingRows().rowSize();
        }

        private RowReadout read(TorchTensor rows, int expected, int[] whole) {
            return kernel.read(scope, new HeadQuery(rows, 3, 0, new int[0], expected, whole), () -> false);
        }

        private TorchTensor rows(long seed) {
            var random = new Random(seed);
            var values = new float[ROWS * width];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return scope.floats(values, ROWS, width);
        }

        @Override
        public void close() {
            kernel.close();
            scope.close();
            model.close();
        }
    }
}
