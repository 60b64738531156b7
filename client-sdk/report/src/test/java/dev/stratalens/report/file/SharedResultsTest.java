package dev.stratalens.report.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.client.fake.SharedVector;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The complete answers in {@code proto/vectors} have the numbers that stand there, which a client in another language has read. */
@Timeout(30)
class SharedResultsTest {

    static List<SharedVector> vectors() throws IOException {
        return SharedVector.all().stream().filter(SharedVector::isComplete).toList();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void hasTheNumbersOfItsResult(SharedVector vector) throws IOException {
        try (Reader file = Files.newBufferedReader(vector.folder().resolve("result.json"))) {
            assertEquals(LensJson.read(file), vector.read());
        }
    }
}
