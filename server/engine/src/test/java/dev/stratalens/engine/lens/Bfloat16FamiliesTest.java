package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.plan.RequestedLens;
import dev.stratalens.engine.lens.plan.Statistic;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family in bfloat16. Weights of these cases are random, so only the mean is meaningful. */
class Bfloat16FamiliesTest {

    private static final int TOP_K = 1;
    private static final double FAR = 0.15;

    @ParameterizedTest
    @MethodSource("dev.stratalens.engine.parity.ParityCases#all")
    void theBestTokensLogProbabilityStaysNearTransformersInFloat32(ParityCase parity) {
        var model = CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.BFLOAT16, (done, total) -> {});
        try (var lens = new LoadedModel(
                parity.name(),
                model,
                new FakeTokenizer(),
                HeadForm.PROCESSOR.of(model.head(), new TileGeometry(256, 4096)),
                2)) {
            var result = new RecordingListener();
            lens.run(plan(parity), result, () -> false);

            double difference = result.layers.stream()
                    .flatMapToDouble(readout -> IntStream.range(0, parity.tokens())
                            .mapToDouble(position -> Math.abs(readout.topLogProbs()[position]
                                    - parity.topLogProbs(readout.readPoint() - 1, position)[0])))
                    .average()
                    .orElseThrow();
            assertTrue(difference < FAR, () -> "mean difference " + difference);
        }
    }

    private static LensPlan plan(ParityCase parity) {
        return new LensPlan(
                parity.tokenIds(),
                List.of(new RequestedLens.Logit()),
                ReadPoints.layers(IntStream.range(-1, parity.layers()).toArray()),
                IntStream.range(0, parity.tokens()).toArray(),
                TOP_K,
                List.of(),
                EnumSet.noneOf(Statistic.class),
                OptionalDouble.empty());
    }
}
