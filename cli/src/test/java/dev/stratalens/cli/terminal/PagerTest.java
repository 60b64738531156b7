package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pager gets all, in UTF-8, and may be left early. */
class PagerTest {

    @TempDir
    Path folder;

    @Test
    void thePagerGetsTheWholeText() throws IOException {
        Path shown = folder.resolve("shown");
        Pager.show("cat > '%s'".formatted(shown), out -> out.print("h\u00e9llo\n".repeat(100_000)));
        assertEquals("h\u00e9llo\n".repeat(100_000), Files.readString(shown));
    }

    @Test
    void aPagerThatIsLeftEarlyIsNoFailure() throws IOException {
        Path shown = folder.resolve("shown");
        Pager.show("head -n 1 > '%s'".formatted(shown), out -> out.print("line\n".repeat(1_000_000)));
        assertEquals("line\n", Files.readString(shown));
    }
}
