package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.lens.result.CellReadout;
import dev.stratalens.engine.lens.result.LensOutcome;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.parity.LlamaReference;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.parity.StatisticsReference;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * bfloat16 rounds the computation of the blocks, but the reported numbers of the best tokens are exact for their rows.
 */
class LowPrecisionTest {

    private static final int TOP_K = 5;
    private final ParityCase parity = ParityCases.named("llama-bf16-sharded");

    @Test
    void autoKeepsStoredFloat32() {
        try (LoadedModel lens = LoadedModelTest.lens(ParityCases.named("llama"), Precision.AUTO)) {
            assertEquals(DataType.FLOAT32, lens.description().computeType());
        }
    }

    @Test
    void bfloat16StaysNearFloat32AndRescoresItsCandidates() {
        RecordingListener exact = run(Precision.FLOAT32);
        RecordingListener rounded = run(Precision.BFLOAT16);
        for (int i = 0; i < exact.layers.size(); i++) {
            CellReadout expected = exact.layers.get(i);
            CellReadout actual = rounded.layers.get(i);
            for (int position = 0; position < parity.tokens(); position++) {
                String cell = "layer %d, position %d".formatted(i - 1, position);
                assertEquals(
                        expected.columns().of(Statistic.LOG_SUM_EXP)[position],
                        actual.columns().of(Statistic.LOG_SUM_EXP)[position],
                        0.3,
                        cell);
                assertEquals(
                        expected.columns().of(Statistic.ENTROPY)[position],
                        actual.columns().of(Statistic.ENTROPY)[position],
                        0.2,
                        cell);
                assertEquals(
                        expected.columns().of(Statistic.KL_FROM_FINAL)[position],
                        actual.columns().of(Statistic.KL_FROM_FINAL)[position],
                        0.3,
                        cell);
                for (int place = 1; place < TOP_K; place++) {
                    int cellPlace = position * TOP_K + place;
                    assertTrue(
                            actual.topLogProbs()[cellPlace - 1] >= actual.topLogProbs()[cellPlace],
                            cell + " is in order");
                }
            }
        }
    }

    /** Layer -1 is the embedding itself, which bfloat16 stores exactly: there only the head's arithmetic differs. */
    @Test
    void givenTheSameRowsCandidatesAreWithinOneHundredth() throws IOException {
        RecordingListener rounded = run(Precision.BFLOAT16);
        var reference = new LlamaReference(parity.modelDirectory());
        double[][] embeddings = reference.residuals(parity.tokenIds())[0];
        CellReadout embedding = rounded.layers.get(0);
        for (int position = 0; position < parity.tokens(); position++) {
            double[] row = reference.logits(embeddings[position]);
            double logSumExp = StatisticsReference.logSumExp(row);
            for (int place = 0; place < TOP_K; place++) {
                int id = embedding.topIds()[position * TOP_K + place];
                assertEquals(row[id] - logSumExp, embedding.topLogProbs()[position * TOP_K + place], 1e-2);
            }
        }
    }

    private RecordingListener run(Precision precision) {
        var result = new RecordingListener();
        try (LoadedModel lens = LoadedModelTest.lens(parity, precision)) {
            LensOutcome outcome = lens.run(
                    new LensPlan(
                            parity.tokenIds(),
                            List.of(new RequestedLens.Logit()),
                            ReadPoints.layers(
                                    IntStream.range(-1, parity.layers()).toArray()),
                            IntStream.range(0, parity.tokens()).toArray(),
                            TOP_K,
                            List.of(),
                            EnumSet.allOf(Statistic.class),
                            OptionalDouble.of(0)),
                    result,
                    () -> false);
            assertTrue(outcome.selfCheck().top1Agrees());
            assertEquals(0, outcome.selfCheck().maxLogitDifference(), 1e-3);
        }
        return result;
    }
}
