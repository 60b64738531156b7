package dev.stratalens.engine.lens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.checkpoint.reader.CheckpointReader;
import dev.stratalens.engine.error.DeviceUnavailableException;
import dev.stratalens.engine.fake.FakeTokenizer;
import dev.stratalens.engine.fake.ReadPoints;
import dev.stratalens.engine.lens.kernel.HeadForm;
import dev.stratalens.engine.lens.kernel.TileGeometry;
import dev.stratalens.engine.lens.plan.LensPlan;
import dev.stratalens.engine.lens.request.RequestedLens;
import dev.stratalens.engine.lens.request.Statistic;
import dev.stratalens.engine.model.CausalLanguageModel;
import dev.stratalens.engine.model.Precision;
import dev.stratalens.engine.model.weight.Placement;
import dev.stratalens.engine.model.weight.Placer;
import dev.stratalens.engine.parity.ParityCase;
import dev.stratalens.engine.parity.ParityCases;
import dev.stratalens.engine.tensor.Device;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** float16 on devices, for which the processor under a number stands in. */
class Float16Test {

    /** float16 has eight times the accuracy of bfloat16, whose bound is 0.15. */
    private static final double FAR = 0.02;

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama", "gemma2", "mixtral", "mamba2", "qwen3_next"})
    void theBestTokensLogProbabilityStaysNearTransformersInFloat32(String name) {
        ParityCase parity = ParityCases.named(name);
        CausalLanguageModel model = model(
                parity, sizes -> Placement.on(Device.cpu(0), sizes.blocks().size()));
        try (var lens = new LoadedModel(
                name, model, new FakeTokenizer(), HeadForm.DEVICE.of(model.head(), new TileGeometry(64, 256)), 2)) {
            var result = new RecordingListener();
            lens.run(plan(parity), result, () -> false);

            assertEquals(DataType.FLOAT16, lens.description().computeType());
            assertTrue(model.weightBytes() < 0.75 * inFloat32(parity), () -> name + " in " + model.weightBytes());
            double difference = result.layers.stream()
                    .flatMapToDouble(readout -> IntStream.range(0, parity.tokens())
                            .mapToDouble(position -> Math.abs(readout.topLogProbs()[position]
                                    - parity.topLogProbs(readout.readPoint() - 1, position)[0])))
                    .average()
                    .orElseThrow();
            assertTrue(difference < FAR, () -> "mean difference " + difference);
        }
    }

    @Test
    void theProcessorIsRefused() {
        ParityCase parity = ParityCases.named("llama");

        var refusal = assertThrows(DeviceUnavailableException.class, () -> model(parity, Placer.PROCESSOR));

        assertEquals(
                "float16 is computed on cards only, but this model would have blocks 0 to %d on cpu, head on cpu. Set dtype to"
                                .formatted(parity.layers() - 1)
                        + " auto, float32 or bfloat16, or give it cards with more free memory.",
                refusal.getMessage());
    }

    private static long inFloat32(ParityCase parity) {
        try (CausalLanguageModel model = CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT32, (done, total) -> {})) {
            return model.weightBytes();
        }
    }

    private static CausalLanguageModel model(ParityCase parity, Placer placer) {
        return CausalLanguageModel.load(
                CheckpointReader.open(parity.modelDirectory()), Precision.FLOAT16, placer, (done, total) -> {});
    }

    private static LensPlan plan(ParityCase parity) {
        return new LensPlan(
                parity.tokenIds(),
                List.of(new RequestedLens.Logit()),
                ReadPoints.layers(IntStream.range(-1, parity.layers()).toArray()),
                IntStream.range(0, parity.tokens()).toArray(),
                1,
                List.of(),
                EnumSet.noneOf(Statistic.class),
                OptionalDouble.empty());
    }
}
