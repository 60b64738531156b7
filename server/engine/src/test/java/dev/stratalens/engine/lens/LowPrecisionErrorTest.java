package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.PlannedTarget;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.RequestedTarget;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.TensorFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * On the trained model, our bfloat16 is not much farther from float32 than that of transformers. Single cells differ,
 * because two correct programs round differently; means over the cells of a layer must not.
 */
class LowPrecisionErrorTest {

    private static final Path RECORDED = Path.of("src/test/resources/low-precision/demo.safetensors");
    private static final double FARTHER = 1.5;

    /** Slack for cells where transformers is nearer by chance. */
    private static final double ROUNDING = 0.002;

    /** The recorded statistics of every cell. */
    private enum Recorded {
        LOG_SUM_EXP,
        ENTROPY,
        NEXT_TOKEN_LOG_PROB;

        private float[] of(CellReadout readout) {
            return switch (this) {
                case LOG_SUM_EXP -> readout.columns().of(Statistic.LOG_SUM_EXP);
                case ENTROPY -> readout.columns().of(Statistic.ENTROPY);
                case NEXT_TOKEN_LOG_PROB -> readout.targetLogProbs();
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void meanErrorsAreAtMostHalfAsLargeAgainAsThoseOfTransformers(Recorded statistic) {
        TensorFile recorded = TensorFile.of(RECORDED);
        try (LoadedModel lens = LoadedModelTest.lens(ParityCases.named("demo"), Precision.BFLOAT16)) {
            var errors = new double[lens.description().blockCount() + 1];
            var allowed = new double[errors.length];
            int cells = 0;
            for (int prompt = 0; recorded.contains(prompt + ".token_ids"); prompt++) {
                int[] ids = recorded.ints(prompt + ".token_ids");
                int last = ids.length - 1; // has no next token
                String name = prompt + "." + statistic.name().toLowerCase(Locale.ROOT);
                float[] exact = recorded.floats(name + ".float32");
                float[] theirs = recorded.floats(name + ".bfloat16");
                List<CellReadout> layers = run(lens, ids);
                assertEquals(errors.length, layers.size());
                for (int layer = 0; layer < errors.length; layer++) {
                    float[] ours = statistic.of(layers.get(layer));
                    for (int position = 0; position < last; position++) {
                        int cell = layer * ids.length + position;
                        errors[layer] += Math.abs(ours[position] - exact[cell]);
                        allowed[layer] += FARTHER * Math.abs(theirs[cell] - exact[cell]) + ROUNDING;
                    }
                }
                cells += last;
            }
            assertTrue(cells > 50);
            for (int layer = 0; layer < errors.length; layer++) {
                String message = "layer %d: mean error %.4f, allowed %.4f"
                        .formatted(layer - 1, errors[layer] / cells, allowed[layer] / cells);
                assertTrue(errors[layer] <= allowed[layer], message);
            }
        }
    }

    private static List<CellReadout> run(LoadedModel lens, int[] ids) {
        var result = new RecordingListener();
        lens.run(
                new LensPlan(
                        ids,
                        List.of(new RequestedLens.Logit()),
                        ReadPoints.layers(IntStream.range(-1, lens.description().blockCount())
                                .toArray()),
                        IntStream.range(0, ids.length).toArray(),
                        5,
                        List.of(new PlannedTarget(new RequestedTarget.NextToken(), List.of())),
                        Set.of(Statistic.LOG_SUM_EXP, Statistic.ENTROPY),
                        OptionalDouble.empty()),
                result,
                () -> false);
        return result.layers;
    }
}
