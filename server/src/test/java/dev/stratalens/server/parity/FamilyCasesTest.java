package dev.stratalens.server.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stratalens.server.model.architecture.family.Architectures;
import java.util.List;
import org.junit.jupiter.api.Test;

class FamilyCasesTest {

    @Test
    void everyRowOfTheTableHasARecordedCaseAndEveryCaseARow() {
        List<String> recorded =
                ParityCases.all().map(ParityCase::modelType).distinct().sorted().toList();

        assertEquals(Architectures.supported(), recorded);
    }
}
