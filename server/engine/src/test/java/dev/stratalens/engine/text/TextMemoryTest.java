package dev.stratalens.engine.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.MemoryLimitExceededException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TextMemoryTest {

    private static final String HALF = "x".repeat(6_000);

    private final TextMemory memory = new TextMemory(300 * 10_000);

    @Test
    void refusesATextThatNeverHasRoom() {
        MemoryLimitExceededException failure = assertThrows(
                MemoryLimitExceededException.class, () -> memory.reading("x".repeat(10_001), () -> "read"));

        assertEquals(3_000_300, failure.neededBytes());
        assertEquals(3_000_000, failure.limitBytes());
        assertEquals("read", memory.reading("x".repeat(10_000), () -> "read"));
    }

    @Test
    void aTextWaitsUntilOthersAreReadAndABriefOneDoesNot() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> memory.reading(HALF, () -> {
            begun.countDown();
            await(mayEnd);
            ended.set(true);
            return "first";
        }));
        begun.await();
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> memory.reading(HALF, ended::get));

        assertEquals("brief", memory.reading("x".repeat(4096), () -> "brief"));
        mayEnd.countDown();

        assertEquals("first", first.get(20, TimeUnit.SECONDS));
        assertTrue(second.get(20, TimeUnit.SECONDS));
    }

    @Test
    void aTextWhoseReadingFailsGivesItsRoomBack() {
        assertThrows(
                IllegalStateException.class,
                () -> memory.reading("x".repeat(10_000), () -> {
                    throw new IllegalStateException("made up");
                }));

        assertEquals("read", memory.reading("x".repeat(10_000), () -> "read"));
    }

    /** The library would end the process. */
    @Test
    void aProcessWithLittleHeapOutlivesALongText() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LongTextReader.class.getName(),
                        Path.of("..", "..", "models", "demo").toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor(), said);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
