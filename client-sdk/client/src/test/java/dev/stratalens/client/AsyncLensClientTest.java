package dev.stratalens.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.fake.FakeLensServer;
import dev.stratalens.client.fake.FakeModelService;
import dev.stratalens.client.fake.FakeServerService;
import dev.stratalens.client.model.Progress;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.TokenizeRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every call without waiting gives what the one that waits gives. */
@Timeout(30)
class AsyncLensClientTest {

    @Test
    void futuresGiveWhatTheBlockingCallsGive() {
        try (FakeLensServer server =
                        FakeLensServer.playing(List.of(), new FakeModelService(), new FakeServerService());
                LensClient client = server.client()) {
            AsyncLensClient async = client.async();
            TokenizeRequest text = TokenizeRequest.of("a b").model("tiny").build();
            Prompt.Chat chat = Prompt.chat(ChatMessage.of("user", "Hi"));
            List<Progress> heard = new ArrayList<>();

            assertEquals(client.serverInfo(), async.serverInfo().join());
            assertEquals(client.models(), async.models().join());
            assertEquals(client.model("tiny"), async.model("tiny").join());
            assertEquals(client.tokenize(text), async.tokenize(text).join());
            assertEquals(
                    client.renderChat("tiny", chat),
                    async.renderChat("tiny", chat).join());
            assertEquals(
                    client.loadModel("tiny"),
                    async.loadModel("tiny", heard::add).join());
            assertEquals(3, heard.size());
            assertEquals(30_000, async.unloadModel("tiny").join());
            assertEquals(5, async.unloadModel("tiny", Duration.ofMillis(5)).join());
        }
    }

    @Test
    void aFutureFailsWithTheFailureOfTheCall() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            CompletionException failed = assertThrows(
                    CompletionException.class,
                    () -> client.async().model("other").join());
            assertEquals(
                    ErrorCode.REFUSED,
                    assertInstanceOf(LensException.class, failed.getCause()).code());
            // There is no service of the server: what is missing is said by gRPC.
            CompletionException missing = assertThrows(
                    CompletionException.class, () -> client.async().serverInfo().join());
            assertEquals(
                    ErrorCode.NOT_AVAILABLE,
                    assertInstanceOf(LensException.class, missing.getCause()).code());
        }
    }

    @Test
    void aBlockingFailureHasTheStackOfItsCaller() {
        try (FakeLensServer server = FakeLensServer.playing(List.of(), new FakeModelService());
                LensClient client = server.client()) {
            LensException failed = assertThrows(LensException.class, () -> client.model("other"));
            assertTrue(List.of(failed.getStackTrace()).stream()
                    .anyMatch(frame -> frame.getMethodName().equals("aBlockingFailureHasTheStackOfItsCaller")
                            || frame.getClassName().startsWith(AsyncLensClientTest.class.getName())));
        }
    }
}
