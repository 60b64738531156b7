package dev.stratalens.engine.model;

import static dev.stratalens.engine.model.ComputeTypeChoice.SMALL_MODEL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.checkpoint.DataType;
import dev.stratalens.engine.model.ComputeChoice.Reason;
import dev.stratalens.engine.tensor.Device;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeTypeChoiceTest {

    @ParameterizedTest(name = "stored {0}, bfloat16 faster: {1}")
    @CsvSource({
        "FLOAT32, 2.0, FLOAT32, STORED",
        "FLOAT16, 2.0, FLOAT32, STORED",
        "BFLOAT16, 1.2, FLOAT32, MEASURED",
        "BFLOAT16, 2.0, BFLOAT16, MEASURED",
    })
    void autoTakesBfloat16OnlyWhereItIsStoredAndFaster(
            DataType stored, double speedup, DataType expected, Reason reason) {
        ComputeChoice choice =
                ComputeTypeChoice.choose(Precision.AUTO, Optional.of(stored), SMALL_MODEL, Device.CPU, () -> speedup);

        assertEquals(expected, choice.type());
        assertEquals(reason, choice.reason());
    }

    @Test
    void autoComputesSmallModelsExactlyAndAsksNoClock() {
        assertEquals(
                ComputeChoice.unmeasured(DataType.FLOAT32, Reason.SMALL),
                ComputeTypeChoice.choose(
                        Precision.AUTO,
                        Optional.of(DataType.BFLOAT16),
                        SMALL_MODEL - 1,
                        Device.cuda(0),
                        ComputeTypeChoiceTest::timesNothing));
    }

    @Test
    void aCardTakesBfloat16WithoutAsking() {
        assertEquals(
                ComputeChoice.unmeasured(DataType.BFLOAT16, Reason.CARD),
                ComputeTypeChoice.choose(
                        Precision.AUTO,
                        Optional.of(DataType.BFLOAT16),
                        SMALL_MODEL,
                        Device.cuda(0),
                        ComputeTypeChoiceTest::timesNothing));
    }

    @Test
    void autoComputesMixedTypesInFloat32() {
        assertEquals(
                ComputeChoice.unmeasured(DataType.FLOAT32, Reason.STORED),
                ComputeTypeChoice.choose(
                        Precision.AUTO,
                        Optional.empty(),
                        SMALL_MODEL,
                        Device.CPU,
                        ComputeTypeChoiceTest::timesNothing));
    }

    @ParameterizedTest
    @CsvSource({"BFLOAT16, FLOAT32", "FLOAT32, BFLOAT16"})
    void anExplicitChoiceIsObeyedAndNothingMeasured(Precision precision, DataType stored) {
        assertEquals(
                ComputeChoice.unmeasured(DataType.valueOf(precision.name()), Reason.PINNED),
                ComputeTypeChoice.choose(
                        precision, Optional.of(stored), SMALL_MODEL, Device.CPU, ComputeTypeChoiceTest::timesNothing));
    }

    @Test
    void theChoiceSaysWhatDecided() {
        assertEquals(
                "bfloat16 (measured on this machine: bfloat16 is 2.00 times as fast as float32)",
                new ComputeChoice(DataType.BFLOAT16, Reason.MEASURED, 2).toString());
        assertEquals(
                "float32 (the model is small)",
                ComputeChoice.unmeasured(DataType.FLOAT32, Reason.SMALL).toString());
    }

    private static double timesNothing() {
        throw new AssertionError("nothing is timed");
    }
}
