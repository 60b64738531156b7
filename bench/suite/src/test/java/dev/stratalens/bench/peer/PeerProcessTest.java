package dev.stratalens.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.bench.peer.PeerProcess.PeerFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol, spoken with shell scripts. */
class PeerProcessTest {

    @TempDir
    Path folder;

    @Test
    void listsWhatIsInstalledAndWhyTheRestIsNot() throws IOException {
        PeerTools tools = tools("""
                echo '{"tool":"a","installed":true,"reason":null,"outputs":"top-k"}'
                echo '{"tool":"b","installed":false,"reason":"no wheel","outputs":""}'
                """);
        assertEquals(
                List.of(new PeerTools.Tool("a", true, "", "top-k"), new PeerTools.Tool("b", false, "no wheel", "")),
                tools.list());
    }

    @Test
    void asksAndReadsAnswersLineByLine() throws IOException {
        PeerTools tools = tools("""
                echo '{"ready":true,"tool":"a","version":"1.2","load_seconds":0.5}'
                read -r question
                case $question in
                  *'"token_ids":[1,2]'*'"top_k":5'*) echo '{"seconds":0.25,"peak_anonymous_bytes":100,"result_bytes":null}' ;;
                esac
                read -r question
                echo '{"error":"out of memory"}'
                """);
        try (PeerProcess peer = tools.start("a", folder, "float32", 2)) {
            assertEquals("1.2", peer.awaitReady());
            assertEquals(new PeerProcess.Answer(0.25, 100, 0), peer.ask("x", List.of(1, 2), 5));
            PeerFailure failure = assertThrows(PeerFailure.class, () -> peer.ask("x", List.of(1), 5));
            assertTrue(failure.toString().contains("out of memory"), failure.toString());
        }
    }

    @Test
    void aToolThatDoesNotStartSaysWhy() throws IOException {
        PeerTools tools = tools("echo '{\"ready\":false,\"tool\":\"a\",\"error\":\"no torch\"}'");
        try (PeerProcess peer = tools.start("a", folder, "float32", 2)) {
            PeerFailure failure = assertThrows(PeerFailure.class, peer::awaitReady);
            assertTrue(failure.toString().contains("no torch"), failure.toString());
        }
    }

    @Test
    void aToolThatEndsIsAFailure() throws IOException {
        PeerTools tools = tools("exit 1");
        try (PeerProcess peer = tools.start("a", folder, "float32", 2)) {
            assertThrows(PeerFailure.class, peer::awaitReady);
        }
    }

    private PeerTools tools(String script) throws IOException {
        Path run = Files.writeString(folder.resolve("run"), "#!/bin/sh\n" + script);
        assertTrue(run.toFile().setExecutable(true));
        return new PeerTools(folder);
    }
}
