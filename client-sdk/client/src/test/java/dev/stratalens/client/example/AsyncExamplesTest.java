package dev.stratalens.client.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeRun;
import dev.stratalens.client.request.LensRequest;
import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AsyncExamplesTest {

    private static final LensRequest REQUEST = LensRequest.of("p").build();
    private static final FakeRun RUN = FakeRun.of(12, REQUEST);

    @Test
    void comparesTwoPrompts() throws Exception {
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            String words = FuturesExample.compare(client.async(), "p", "p").get(10, TimeUnit.SECONDS);
            assertTrue(words.matches("(.+) and \\1"), words);
        }
    }

    @Test
    void showsEachLayer() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FakeLensServer server = FakeLensServer.playing(RUN.events());
                LensClient client = server.client()) {
            SubscriberExample.show(client, "p", new PrintStream(out, true, StandardCharsets.UTF_8))
                    .get(10, TimeUnit.SECONDS);
        }
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(4, lines.size());
        assertTrue(lines.get(3).startsWith("layer  3: "), lines.get(3));
    }

    @Test
    void triesAgainWhatMayPassAndSaysWhatWillNot() throws InterruptedException {
        try (FakeLensServer server = FakeLensServer.failingAfter(
                        List.of(), FakeLensServer.error(Status.Code.PERMISSION_DENIED, "not you"));
                LensClient client = server.client()) {
            assertEquals(Optional.empty(), FailureExample.tryAgain(client, REQUEST));
        }
        try (FakeLensServer server = FakeLensServer.failingAfter(
                        List.of(), FakeLensServer.error(Status.Code.UNAVAILABLE, "going down"));
                LensClient client = server.client()) {
            LensException failed = assertThrows(LensException.class, () -> FailureExample.tryAgain(client, REQUEST));
            assertEquals(ErrorCode.UNAVAILABLE, failed.code());
            server.nextRequest();
            server.nextRequest();
        }
    }
}
