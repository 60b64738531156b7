package dev.stratalens.cli.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
        assertEquals("demo", TableFacts.name(facts.getOrDefault(TableFacts.MODEL, "")));
    }
}
