package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * In every family our bfloat16 is not much farther from transformers' float32 than transformers' own bfloat16. Weights of these cases
 * are random, so only the mean is meaningful, and that over the nearest three quarters of the cells: rounding decides a near tie
 * between experts, and then a few cells are far in any bfloat16. In granitemoeshared this is token 5 of block 0: the logits of its second
 * and third expert are 0.01 apart, and two are chosen. It does not explain token 11 of block 1 in deepseek_v4-old-keys, whose experts are
 * no near tie.
 */
class Bfloat16FamiliesTest {

    private static final Path RECORDED = Path.of("src/test/resources/low-precision/families.json");
    private static final int TOP_K = 1;
    private static final double FARTHER = 1.5;

    /** Slack for cases where transformers is nearer by chance. */
    private static final double ROUNDING = 0.01;

    private static JsonObject recorded;

    @BeforeAll
    static void read() throws IOException {
        recorded = JsonParser.parseString(Files.readString(RECORDED))
                .getAsJsonObject()
                .getAsJsonObject("meanErrors");
    }

    /** The embedded model has a test of its own, {@link LowPrecisionErrorTest}. */
    static Stream<ParityCase> cases() {
        return ParityCases.all().filter(parity -> !parity.name().equals("demo"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theBestTokensLogProbabilityIsAsNearFloat32AsThatOfTransformers(ParityCase parity) {
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

            double[] errors = result.layers.stream()
                    .flatMapToDouble(readout -> IntStream.range(0, parity.tokens())
                            .mapToDouble(position -> Math.abs(readout.topLogProbs()[position]
                                    - parity.topLogProbs(readout.readPoint() - 1, position)[0])))
                    .sorted()
                    .toArray();
            double error =
                    Arrays.stream(errors, 0, 3 * errors.length / 4).average().orElseThrow();
            double allowed = FARTHER * recorded.get(parity.name()).getAsDouble() + ROUNDING;
            assertTrue(error <= allowed, () -> "mean error %.4f, allowed %.4f".formatted(error, allowed));
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
