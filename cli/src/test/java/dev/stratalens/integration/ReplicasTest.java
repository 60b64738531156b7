package dev.stratalens.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import dev.stratalens.client.LensStream;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import dev.stratalens.client.request.LensRequest;
import dev.stratalens.client.result.LensResult;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.fake.Pause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Three servers of the same model, one client, and what becomes of its calls when one of them dies or drains. */
@Timeout(120)
class ReplicasTest {

    private static final int COUNT = 3;

    /** Of an answer that is far longer: its first layer, and not all. */
    private static final int BEGINNING = 60_000;

    private final List<Replica> replicas =
            Stream.generate(Replica::new).limit(COUNT).toList();
    private final Attempts attempts = new Attempts();
    private final LensClient client = LensClient.builder(
                    replicas.stream().map(Replica::address).collect(Collectors.joining(",")))
            .usePlaintext()
            .intercept(attempts)
            .build();

    @BeforeEach
    void connectToAll() {
        while (replicas.stream().anyMatch(replica -> replica.prompts() == 0)) {
            ask("hello");
        }
    }

    @AfterEach
    void stop() {
        client.close();
        replicas.forEach(Replica::close);
    }

    @Test
    void callsAreSpreadEvenly() {
        List<Integer> before = replicas.stream().map(Replica::prompts).toList();

        for (int i = 0; i < 10 * COUNT; i++) {
            ask("call " + i);
        }

        for (int i = 0; i < COUNT; i++) {
            assertEquals(before.get(i) + 10, replicas.get(i).prompts());
        }
    }

    @Test
    void aCallIsMadeAgainElsewhereIfItsServerDiesBeforeItsAnswerBegins() throws Exception {
        Replica dying = replicas.get(0);
        int before = prompts();
        dying.line().passOnly(0);
        Pause pause = dying.engine().pauseRuns();
        List<CompletableFuture<LensResult>> calls =
                texts(COUNT).map(text -> client.async().analyze(request(text))).toList();
        pause.awaitReached();

        dying.line().close();

        List<String> texts = texts(COUNT).toList();
        for (int i = 0; i < COUNT; i++) {
            assertWhole(texts.get(i), calls.get(i).join());
        }
        assertEquals(before + COUNT + 1, prompts(), "each once, and the one of the dead server once more");
    }

    @Test
    void anAnswerThatBreaksOffIsAnErrorAndNotAWholeResult() {
        List<String> texts = texts(COUNT).map(text -> text.repeat(5)).toList();
        Replica dying = replicas.get(0);
        int before = prompts();
        dying.line().passOnly(BEGINNING);
        List<LensStream> streams = texts.stream()
                .map(text ->
                        client.stream(LensRequest.of(text).topK(100).exact().build()))
                .toList();
        streams.forEach(stream -> assertTrue(stream.iterator().hasNext()));

        dying.line().close();

        int broken = 0;
        for (int i = 0; i < COUNT; i++) {
            LensStream stream = streams.get(i);
            try {
                assertWhole(texts.get(i), stream.result());
            } catch (LensException failure) {
                broken++;
                assertEquals(ErrorCode.UNAVAILABLE, failure.code());
                assertTrue(failure.isRetryable());
                assertTrue(String.valueOf(failure.getMessage()).contains("broke off"), failure.getMessage());
                assertThrows(LensException.class, stream::result);
                assertThrows(LensException.class, stream::summary);
            }
        }
        assertEquals(1, broken);
        assertEquals(before + COUNT, prompts(), "an answer that began is not asked for again");
        texts(10).forEach(this::ask);
    }

    @Test
    void aServerThatDrainsFinishesWhatItHasAndIsAskedNothingElse() throws Exception {
        Replica draining = replicas.get(0);
        int before = prompts();
        Pause pause = draining.engine().pauseRuns();
        List<CompletableFuture<LensResult>> calls =
                texts(COUNT).map(text -> client.async().analyze(request(text))).toList();
        pause.awaitReached();
        int own = draining.prompts();

        CompletableFuture<Void> drained = CompletableFuture.runAsync(draining::drain);
        // What reaches it before it drains waits there with its first prompt, so nothing is awaited before that goes
        // on.
        List<CompletableFuture<LensResult>> more = new ArrayList<>();
        while (!leftAlone(draining)) {
            int attempted = attempts.ports().size();
            more.add(client.async().analyze(request("more")));
            while (attempts.ports().size() == attempted) {
                Thread.onSpinWait();
            }
        }
        int asked = attempts.ports().size();
        texts(10).forEach(this::ask);

        assertFalse(attempts.ports()
                .subList(asked, attempts.ports().size())
                .contains(draining.line().port()));
        assertEquals(own, draining.prompts());
        assertFalse(drained.isDone());
        pause.resume();
        drained.join();
        List<String> texts = texts(COUNT).toList();
        for (int i = 0; i < COUNT; i++) {
            assertWhole(texts.get(i), calls.get(i).join());
        }
        more.forEach(call -> assertWhole("more", call.join()));
        assertEquals(before + COUNT + more.size() + 10, prompts(), "each once");
    }

    @Test
    void aServerThatComesBackIsAskedAgain() {
        Replica replica = replicas.get(0);
        replica.line().close();
        texts(10).forEach(this::ask);
        int before = replica.prompts();

        replica.comeBack();

        while (replica.prompts() == before) {
            ask("hello");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX) // Elsewhere loopback has one address.
    void aNameWithSeveralAddressesMeansAllOfThem(@TempDir Path folder) throws Exception {
        Path hosts = Files.writeString(
                folder.resolve("hosts"), "127.0.0.2 replicas.test\n127.0.0.3 replicas.test\n127.0.0.4 replicas.test\n");
        List<Integer> before = replicas.stream().map(Replica::prompts).toList();
        try (FailingLine first = replicas.get(0).lineAt("127.0.0.2", 0);
                FailingLine second = replicas.get(1).lineAt("127.0.0.3", first.port());
                FailingLine third = replicas.get(2).lineAt("127.0.0.4", first.port())) {
            Process caller = CallerProcess.start(hosts, "replicas.test:" + third.port());
            try {
                for (int i = 0; i < COUNT; i++) {
                    while (replicas.get(i).prompts() == before.get(i)) {
                        assertFalse(caller.waitFor(10, TimeUnit.MILLISECONDS));
                    }
                }
                caller.getOutputStream().write('\n');
                caller.getOutputStream().flush();
                assertEquals(0, caller.waitFor());
            } finally {
                caller.destroyForcibly();
            }
            assertEquals(first.port(), second.port());
        }
    }

    @Test
    void ofManyCallsWhileOneServerDiesAndAnotherDrainsNoneIsLostOrDoubled() {
        int callers = 4;
        int each = 20;
        CountDownLatch quarter = new CountDownLatch(callers * each / 4);
        CountDownLatch half = new CountDownLatch(callers * each / 2);
        AtomicInteger broken = new AtomicInteger();
        CompletableFuture<?> changes = CompletableFuture.runAsync(() -> {
            await(quarter);
            replicas.get(0).line().close();
            await(half);
            replicas.get(1).drain();
        });
        List<CompletableFuture<Void>> running = IntStream.range(0, callers)
                .mapToObj(caller -> CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < each; i++) {
                                try {
                                    ask("caller %d call %d".formatted(caller, i));
                                } catch (LensException failure) {
                                    assertEquals(ErrorCode.UNAVAILABLE, failure.code());
                                    broken.incrementAndGet();
                                }
                                quarter.countDown();
                                half.countDown();
                            }
                        },
                        command -> new Thread(command).start()))
                .toList();

        running.forEach(CompletableFuture::join);
        changes.join();

        // Only an answer that had begun to come from the one that died.
        assertTrue(broken.get() <= callers, broken + " of " + callers * each);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(String text) {
        assertWhole(text, client.analyze(request(text)));
    }

    private static LensRequest request(String text) {
        return LensRequest.of(text).build();
    }

    private static Stream<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(i -> "prompt " + i);
    }

    private static void assertWhole(String text, LensResult result) {
        assertEquals(FakeModel.BLOCKS, result.layers().size());
        assertEquals(text, result.info().prompt().orElseThrow());
        assertEquals(text.length() + 1, result.tokens().size());
    }

    /** Whether the last calls, one for each server, went to others. */
    private boolean leftAlone(Replica replica) {
        List<Integer> ports = attempts.ports();
        return !ports.subList(ports.size() - COUNT, ports.size())
                .contains(replica.line().port());
    }

    private int prompts() {
        return replicas.stream().mapToInt(Replica::prompts).sum();
    }
}
