package dev.stratalens.engine.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.family.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FamilyCasesTest {

    @Test
    void everyRowOfTheTableHasARecordedCaseAndEveryCaseARow() {
        List<String> recorded =
                ParityCases.all().map(ParityCase::modelType).distinct().sorted().toList();

        assertEquals(Architectures.supported(), recorded);
    }

    @Test
    void theDocumentationListsTheTable() throws IOException {
        String families =
                Architectures.supported().stream().map(name -> "`" + name + "`").collect(Collectors.joining(" "));

        String page = Files.readString(fileAbove("README.md", "models").resolveSibling("docs/models.md"));
        assertTrue(page.contains(">\n" + families + "\n<"), () -> "docs/models.md must list, on one line: " + families);
    }

    /** The file of the root of the repository, which is the folder that also holds the other name. */
    static Path fileAbove(String name, String besides) {
        return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve(name)) && Files.exists(folder.resolve(besides)))
                .findFirst()
                .orElseThrow()
                .resolve(name);
    }
}
