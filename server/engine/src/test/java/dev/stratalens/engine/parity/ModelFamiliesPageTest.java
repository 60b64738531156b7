package dev.stratalens.engine.parity;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.architecture.family.Architectures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/model-families.md} is made from the table of families, the recorded cases and the list of the reference's types.
 * With {@code -Dmodel.families.rewrite=true} this test writes the page instead of comparing it.
 */
class ModelFamiliesPageTest {

    private static final Path PAGE =
            FamilyCasesTest.fileAbove("README.md", "models").resolveSibling("docs/model-families.md");

    /** Types of the reference, with the reason why a type has no row; empty if it has one. */
    private static final Map<String, String> REASONS = reasons();

    @Test
    void thePageIsMadeFromTheTableAndTheCases() throws IOException {
        if (Boolean.getBoolean("model.families.rewrite")) {
            Files.writeString(PAGE, page());
        }
        assertEquals(page(), Files.readString(PAGE), "run this test with -Dmodel.families.rewrite=true");
    }

    @Test
    void everyTypeOfTheReferenceIsSupportedOrHasAReason() {
        List<String> supported = Architectures.supported();
        REASONS.forEach((type, reason) -> assertTrue(
                supported.contains(type) == reason.isEmpty(), () -> type + ": a row, or a reason, not both"));
    }

    private static String page() {
        Map<String, Long> cases = ParityCases.all().collect(groupingBy(ParityCase::modelType, counting()));
        List<String> supported = Architectures.supported();
        var rows = new TreeMap<String, String>();
        supported.forEach(type -> {
            String beside = REASONS.containsKey(type) ? "" : ", text model of a model that sees";
            long count = cases.getOrDefault(type, 0L);
            rows.put(type, "yes, %d %s%s".formatted(count, count == 1 ? "case" : "cases", beside));
        });
        REASONS.forEach((type, reason) -> rows.putIfAbsent(type, "no: " + reason));
        long causal = REASONS.keySet().stream().filter(supported::contains).count();
        String table = rows.entrySet().stream()
                .map(row -> "| `%s` | %s |".formatted(row.getKey(), row.getValue()))
                .collect(Collectors.joining("\n"));
        return """
                # Model families

                Every model type that transformers 5.23 loads as a causal model, and the models that see whose text model Stratalens
                reads. Stratalens supports %d types: %d of the %d causal ones, and %d others. Each supported type has recorded cases, in
                which every layer, position and statistic agrees with transformers ([models](models.md)).

                `ModelFamiliesPageTest` makes this page: see [adding a model family](adding-a-model-family.md#4-run-the-proof).

                | type | supported |
                |---|---|
                %s
                """.formatted(supported.size(), causal, REASONS.size(), supported.size() - causal, table);
    }

    private static Map<String, String> reasons() {
        Path list = Path.of("src/test/resources/reference/causal-models.tsv");
        try {
            return Files.readAllLines(list).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", 2))
                    .collect(Collectors.toMap(
                            columns -> columns[0],
                            columns -> columns.length == 1 ? "" : columns[1],
                            (one, other) -> {
                                throw new IllegalStateException("a type occurs twice");
                            },
                            TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
