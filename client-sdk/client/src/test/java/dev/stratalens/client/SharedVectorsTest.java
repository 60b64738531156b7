package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.SharedVector;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers in {@code proto/vectors} have the outcome that stands there. The tests of the report compare the numbers. */
@Timeout(30)
class SharedVectorsTest {

    static List<SharedVector> vectors() throws IOException {
        return SharedVector.all();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void isReadToItsOutcome(SharedVector vector) throws IOException {
        requireOutcome(vector, vector::read);
    }

    static List<SharedVector> changed() throws IOException {
        return SharedVector.all("changed");
    }

    static List<SharedVector> generations() throws IOException {
        return SharedVector.all("generate");
    }

    static List<SharedVector> sweeps() throws IOException {
        return SharedVector.all("sweep");
    }

    @ParameterizedTest
    @MethodSource("changed")
    void aChangedPassIsReadToItsOutcome(SharedVector vector) throws IOException {
        requireOutcome(vector, vector::read);
    }

    @ParameterizedTest
    @MethodSource("generations")
    void aGenerationIsReadToItsOutcome(SharedVector vector) throws IOException {
        requireOutcome(vector, vector::readGeneration);
    }

    @ParameterizedTest
    @MethodSource("sweeps")
    void aSweepIsReadToItsOutcome(SharedVector vector) throws IOException {
        requireOutcome(vector, vector::readSweep);
    }

    private static void requireOutcome(SharedVector vector, Reading reading) throws IOException {
        if (vector.isComplete()) {
            Object unused = reading.read();
            return;
        }
        LensException error = assertThrows(LensException.class, reading::read);
        assertEquals(ErrorCode.BROKEN_STREAM, error.code(), error.getMessage());
    }

    /** Reads an answer. */
    private interface Reading {
        Object read() throws IOException;
    }

    @Test
    void thereAreBothKinds() throws IOException {
        assertTrue(vectors().stream().filter(SharedVector::isComplete).count() >= 12);
        assertTrue(vectors().stream().filter(each -> !each.isComplete()).count() > 50);
    }
}
