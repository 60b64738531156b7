package dev.stratalens.engine.model;

import static dev.stratalens.engine.model.ComputeTypeChoice.SMALL_MODEL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.engine.checkpoint.DataType;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeTypeChoiceTest {

    @ParameterizedTest(name = "stored {0}, bfloat16 faster: {1}")
    @CsvSource({
        "FLOAT32, true, FLOAT32",
        "FLOAT16, true, FLOAT32",
        "BFLOAT16, false, FLOAT32",
        "BFLOAT16, true, BFLOAT16",
    })
    void autoTakesBfloat16OnlyWhereItIsStoredAndFaster(DataType stored, boolean faster, DataType expected) {
        assertEquals(
                expected, ComputeTypeChoice.choose(Precision.AUTO, Optional.of(stored), SMALL_MODEL, () -> faster));
    }

    @Test
    void autoComputesSmallModelsExactlyAndAsksNoClock() {
        assertEquals(
                DataType.FLOAT32,
                ComputeTypeChoice.choose(Precision.AUTO, Optional.of(DataType.BFLOAT16), SMALL_MODEL - 1, () -> {
                    throw new AssertionError("nothing is timed");
                }));
    }

    @Test
    void autoComputesMixedTypesInFloat32() {
        assertEquals(
                DataType.FLOAT32, ComputeTypeChoice.choose(Precision.AUTO, Optional.empty(), SMALL_MODEL, () -> true));
    }

    @Test
    void anExplicitChoiceIsObeyed() {
        Optional<DataType> stored = Optional.of(DataType.FLOAT32);
        assertEquals(DataType.BFLOAT16, ComputeTypeChoice.choose(Precision.BFLOAT16, stored, 0, () -> false));
        assertEquals(
                DataType.FLOAT32,
                ComputeTypeChoice.choose(Precision.FLOAT32, Optional.of(DataType.BFLOAT16), SMALL_MODEL, () -> true));
    }
}
