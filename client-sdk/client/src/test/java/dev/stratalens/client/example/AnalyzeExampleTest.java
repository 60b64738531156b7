package dev.stratalens.client.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.request.LensTarget;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnalyzeExampleTest {

    @Test
    void printsALineForEachLayerAndWhereItCrystallizes() {
        LensRequest request = LensRequest.of("The capital of France is")
                .target(LensTarget.finalTop())
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FakeLensServer server =
                        FakeLensServer.playing(FakeRun.of(12, request).events());
                LensClient client = server.client()) {
            AnalyzeExample.show(client, "The capital of France is", new PrintStream(out, true, StandardCharsets.UTF_8));
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(5, lines.size());
        for (int layer = 0; layer < 4; layer++) {
            assertTrue(lines.get(layer).startsWith("layer  " + layer + "  "), lines.get(layer));
        }
        assertTrue(lines.get(4).matches(".+ crystallizes at layer [0-3]"), lines.get(4));
    }
}
