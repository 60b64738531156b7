package dev.stratalens.cli.table;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TableColumnsTest {

    @Test
    void thePageHasEveryColumn() throws IOException {
        String page = Files.readString(Path.of("../docs/corpus-format.md"));

        for (TableColumn column : TableColumns.all()) {
            assertTrue(page.contains("`" + column.name() + "`"), column.name());
        }
    }
}
