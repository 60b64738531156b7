package dev.stratalens.cli.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TableFactsTest {

    @Test
    void aFileSaysThemItself() {
        Map<String, String> file = Map.of(TableFacts.FORMAT, TableFacts.FORMAT_1, TableFacts.MODEL, "{}");

        assertEquals(file, TableFacts.read(file));
    }

    @Test
    void aFileOfSparkSaysThemInItsFirstColumn() {
        String schema =
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"string\",\"nullable\":true,\"metadata\":"
                        + "{\"stratalens.format\":\"stratalens-table/1\",\"stratalens.model\":\"{\\\"name\\\":\\\"demo\\\"}\",\"other\":{}}},"
                        + "{\"name\":\"request\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}";
        Map<String, String> facts = TableFacts.read(Map.of("org.apache.spark.sql.parquet.row.metadata", schema));

        assertEquals(TableFacts.FORMAT_1, facts.get(TableFacts.FORMAT));
        assertEquals("demo", TableFacts.name(facts));
    }

    @Test
    void otherWeightsAndOtherLensesOfTheSameNameDiffer() {
        Map<String, String> facts = facts("w1", "tuned", "a");

        assertFalse(TableFacts.differ(facts, facts("w1", "tuned", "a")));
        assertFalse(TableFacts.differ(facts, facts("w1", "jacobian", "b")), "a lens more or less");
        assertTrue(TableFacts.differ(facts, facts("w1", "tuned", "b")));
        assertTrue(TableFacts.differ(facts, facts("w2", "tuned", "a")));
    }

    private static Map<String, String> facts(String weights, String lens, String fingerprint) {
        return Map.of(
                TableFacts.MODEL,
                "{\"name\": \"demo\", \"weights_fingerprint\": \"%s\"}".formatted(weights),
                "stratalens.lenses",
                "[{\"name\": \"%s\", \"fingerprint\": \"%s\"}]".formatted(lens, fingerprint));
    }
}
