package dev.stratalens.engine.lens.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.lens.kernel.row.PlainKernel;
import dev.stratalens.engine.lens.kernel.row.RowKernel;
import dev.stratalens.engine.lens.kernel.row.WarmingKernel;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Head;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.UnembeddingRows;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.TorchScope;
import dev.stratalens.engine.tensor.TorchTensor;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Logits of single tokens are sums of products, whatever the kernel and the type of the weights. */
class TokenLogitsTest {

    private static final int ROWS = 6;
    private static final int[] IDS = {0, 5, -1, 2, 1, 1, 7, 0, -1, 3, 4, 6};

    static Stream<Arguments> kernelsAndTypes() {
        return Stream.of(new PlainKernel(), WarmingKernel.vector().orElseThrow())
                .flatMap(kernel -> Stream.of(Precision.FLOAT32, Precision.BFLOAT16)
                        .map(precision -> Arguments.of(kernel, precision)));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("kernelsAndTypes")
    void tokensOfEachRow(RowKernel kernel, Precision precision) {
        try (Fixture fixture = new Fixture(precision)) {
            var logits = new TokenLogits(fixture.head, kernel, fixture.team);
            float[] actual = logits.ofEachRow(fixture.rows, IDS, 2);
            for (int i = 0; i < IDS.length; i++) {
                assertEquals(IDS[i] < 0 ? 0 : fixture.product(i / 2, IDS[i]), actual[i], 1e-4);
            }
        }
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("kernelsAndTypes")
    void tokensOfEachGroupOfRows(RowKernel kernel, Precision precision) {
        try (Fixture fixture = new Fixture(precision)) {
            var logits = new TokenLogits(fixture.head, kernel, fixture.team);
            int[][] ids = {{1, 2, 9}, {0}, {}};
            float[][] actual = logits.ofEachGroup(fixture.rows, ids);
            for (int group = 0; group < ids.length; group++) {
                assertEquals(2 * ids[group].length, actual[group].length);
                for (int i = 0; i < actual[group].length; i++) {
                    int row = i / ids[group].length * ids.length + group;
                    int id = ids[group][i % ids[group].length];
                    assertEquals(fixture.product(row, id), actual[group][i], 1e-4);
                }
            }
        }
    }

    private static final class Fixture implements AutoCloseable {

        private final CausalLanguageModel model;
        private final Head head;
        private final TorchScope scope;
        private final TorchTensor rows;
        private final float[] values;
        private final RowTeam team = new RowTeam(2);

        private Fixture(Precision precision) {
            model = CausalLanguageModel.load(
                    CheckpointReader.open(ParityCases.named("llama").modelDirectory()), precision, (done, total) -> {});
            head = model.head();
            scope = head.scope();
            var random = new Random(1);
            values = new float[ROWS * model.architecture().extents().hidden()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            rows = scope.floats(values, ROWS, model.architecture().extents().hidden());
        }

        private double product(int row, int id) {
            UnembeddingRows weights = head.unembeddingRows();
            double sum = 0;
            for (int i = 0; i < weights.rowSize(); i++) {
                int index = id * weights.rowSize() + i;
                sum += values[row * weights.rowSize() + i]
                        * (weights.type() == DataType.FLOAT32
                                ? weights.views().get(0).asFloatBuffer().get(index)
                                : Float.intBitsToFloat(
                                        weights.views().get(0).asShortBuffer().get(index) << 16));
            }
            return sum;
        }

        @Override
        public void close() {
            team.close();
            scope.close();
            model.close();
        }
    }
}
