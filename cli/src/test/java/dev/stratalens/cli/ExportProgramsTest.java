package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportProgramsTest {

    @TempDir
    private Path folder;

    @Test
    void aModelIsRecordedInAFolderOfItsName() {
        CliRun run =
                CliRun.of("export-programs", "--output", folder.toString(), "--stages", "2", CliRun.TINY.toString());
        Path made = folder.resolve("gpt2-fp16");

        assertEquals(0, run.exitCode(), run.err());
        assertEquals(made + "\n", run.out());
        for (String file : new String[] {"calls.json", "given.pt", "read.pt", "program-0.pt"}) {
            assertTrue(Files.exists(made.resolve(file)), file);
        }
    }

    @Test
    void anUnknownTypeIsRefused() {
        CliRun run =
                CliRun.of("export-programs", "--output", folder.toString(), "--dtype", "int8", CliRun.TINY.toString());

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("allowed: float32, bfloat16, float16"), run.err());
    }

    @Test
    void itIsNotAmongTheCommandsForEverybody() {
        assertTrue(!CliRun.of("--help").out().contains("export-programs"));
    }
}
