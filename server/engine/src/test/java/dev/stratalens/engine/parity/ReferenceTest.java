package dev.stratalens.engine.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceTest {

    /** Absolute, and relative to the expected value. */
    private static final double TOLERANCE = 1e-4;

    /**
     * Other families are proven by their recorded cases only; these cases also show that the recorded values are right.
     */
    static Stream<ParityCase> casesWithAReference() {
        return ParityCases.all().filter(parity -> hasTokenizer(parity.modelDirectory()));
    }

    /** The first cases of gpt2 and llama, and the embedded model. */
    private static boolean hasTokenizer(Path directory) {
        return Files.exists(directory.resolve("tokenizer.json"));
    }

    @ParameterizedTest
    @MethodSource("casesWithAReference")
    void computesTheRecordedResiduals(ParityCase parity) throws IOException {
        double[][][] residuals = reference(parity).residuals(parity.tokenIds());

        for (int layer = -1; layer < parity.layers(); layer++) {
            for (int position = 0; position < parity.tokens(); position++) {
                assertClose(
                        parity.residual(layer, position),
                        residuals[layer + 1][position],
                        "residual, layer " + layer + ", position " + position);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesWithAReference")
    void computesTheRecordedLogits(ParityCase parity) throws IOException {
        Reference reference = reference(parity);
        double[][][] residuals = reference.residuals(parity.tokenIds());

        for (int layer = -1; layer < parity.layers(); layer++) {
            for (int position : parity.logitPositions()) {
                assertClose(
                        parity.logits(layer, position),
                        reference.logits(residuals[layer + 1][position]),
                        "logits, layer " + layer + ", position " + position);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesWithAReference")
    void decodesTheRawResidualAsRecorded(ParityCase parity) throws IOException {
        Reference reference = reference(parity);
        double[][][] residuals = reference.residuals(parity.tokenIds());

        for (int layer = -1; layer < parity.layers(); layer++) {
            for (int position = 0; position < parity.tokens(); position++) {
                double[] logits = reference.logitsWithoutFinalNorm(residuals[layer + 1][position]);
                String cell = "without final norm, layer " + layer + ", position " + position;
                double logSumExp = StatisticsReference.logSumExp(logits);
                assertClose(parity.logSumExpWithoutFinalNorm(layer, position), logSumExp, cell);
                double best = logits[StatisticsReference.top(logits, 1)[0]];
                assertClose((float) best, logits[parity.top1WithoutFinalNorm(layer, position)], cell);
            }
        }
    }

    private static Reference reference(ParityCase parity) throws IOException {
        Path directory = parity.modelDirectory();
        return switch (parity.modelType()) {
            case "gpt2" -> new Gpt2Reference(directory);
            case "llama" -> new LlamaReference(directory);
            default ->
                throw new IllegalStateException(parity + ": no straight-line reference for " + parity.modelType());
        };
    }

    private static void assertClose(float[] expected, double[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) {
            assertClose(expected[i], actual[i], what + ", number " + i);
        }
    }

    private static void assertClose(float expected, double actual, String what) {
        assertEquals(expected, actual, TOLERANCE + TOLERANCE * Math.abs(expected), what);
    }
}
