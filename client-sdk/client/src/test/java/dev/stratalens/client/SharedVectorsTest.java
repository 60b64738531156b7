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
        if (vector.isComplete()) {
            vector.read();
            return;
        }
        LensException error = assertThrows(LensException.class, vector::read);
        assertEquals(ErrorCode.BROKEN_STREAM, error.code(), error.getMessage());
    }

    @Test
    void thereAreBothKinds() throws IOException {
        assertTrue(vectors().stream().filter(SharedVector::isComplete).count() >= 12);
        assertTrue(vectors().stream().filter(each -> !each.isComplete()).count() > 50);
    }
}
