package dev.stratalens.client.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.fake.FakeBatchServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchExampleTest {

    @Test
    void printsALineForEachPromptInOrder() {
        FakeRun run = FakeRun.of(12, LensRequest.of("The capital of France is").build());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FakeBatchServer server = new FakeBatchServer(run.events(), 3, Set.of(1L), FakeBatchServer.NEVER);
                LensClient client = server.client()) {
            String prompt = "The capital of France is";
            BatchExample.show(
                    client, Stream.of(prompt, prompt, prompt), new PrintStream(out, true, StandardCharsets.UTF_8));
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(3, lines.size());
        assertTrue(lines.get(0).matches("0: layer [0-3]"), lines.get(0));
        assertEquals("1: refused 1", lines.get(1));
        assertTrue(lines.get(2).matches("2: layer [0-3]"), lines.get(2));
    }
}
