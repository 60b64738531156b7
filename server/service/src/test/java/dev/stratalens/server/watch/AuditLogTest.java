package dev.stratalens.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.LensPrompt.SpecialTokens;
import dev.stratalens.server.LoggedLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

final class AuditLogTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    @Test
    void aRequestIsALine() throws Exception {
        Path file = directory.resolve("audit.jsonl");
        try (AuditLog log = new AuditLog(file, AuditLog.Prompts.LEFT_OUT, 1 << 20, 3)) {
            log.ended(facts("a\n\u001b"));
        }

        List<String> lines = Files.readAllLines(file);
        assertEquals(1, lines.size());
        JsonObject line = JsonParser.parseString(lines.get(0)).getAsJsonObject();
        assertEquals("2026-01-02T03:04:05Z", line.get("time").getAsString());
        assertEquals("ada", line.get("principal").getAsString());
        assertEquals("Analyze", line.get("rpc").getAsString());
        assertEquals("gpt2", line.get("model").getAsString());
        assertEquals("a\n\u001b", line.get("client_id").getAsString());
        assertEquals(5, line.get("tokens").getAsInt());
        assertEquals("OK", line.get("outcome").getAsString());
        assertEquals(7.5, line.get("duration_ms").getAsDouble());
        assertFalse(line.has("prompt"));
    }

    @Test
    void promptsAreWrittenIfThatIsAskedFor() throws Exception {
        Path file = directory.resolve("audit.jsonl");
        try (AuditLog log = new AuditLog(file, AuditLog.Prompts.WRITTEN, 1 << 20, 3)) {
            log.ended(facts("a"));
        }

        assertTrue(Files.readString(file).contains("\"prompt\":\"secret words\""));
    }

    @Test
    void filesHaveABoundedSizeAndNumberAndTheNewestLinesAreKept() throws Exception {
        Path file = directory.resolve("audit.jsonl");
        int requests = 1000;
        try (AuditLog log = new AuditLog(file, AuditLog.Prompts.LEFT_OUT, 10_000, 3)) {
            for (int i = 0; i < requests; i++) {
                log.ended(facts("request " + i));
            }
        }

        List<String> ids = new ArrayList<>();
        for (String name : List.of("audit.jsonl.2", "audit.jsonl.1", "audit.jsonl")) {
            assertTrue(Files.size(directory.resolve(name)) <= 10_000, name);
            for (String line : Files.readAllLines(directory.resolve(name))) {
                ids.add(JsonParser.parseString(line)
                        .getAsJsonObject()
                        .get("client_id")
                        .getAsString());
            }
        }
        assertFalse(Files.exists(directory.resolve("audit.jsonl.3")));
        int first = requests - ids.size();
        for (int i = 0; i < ids.size(); i++) {
            assertEquals("request " + (first + i), ids.get(i));
        }
    }

    @Test
    void aServerThatComesAgainGoesOnAtTheEnd() throws Exception {
        Path file = directory.resolve("audit.jsonl");
        for (int start = 0; start < 2; start++) {
            try (AuditLog log = new AuditLog(file, AuditLog.Prompts.LEFT_OUT, 1 << 20, 3)) {
                log.ended(facts("a"));
            }
        }

        assertEquals(2, Files.readAllLines(file).size());
    }

    /** The other files must not be renamed for each line that comes meanwhile: the oldest is deleted each time. */
    @Test
    void aNextFileThatCannotBeOpenedCostsNoOlderOne() throws IOException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Path file = Files.createSymbolicLink(directory.resolve("audit.jsonl"), disk.resolve("audit.jsonl"));
        Path older = directory.resolve("audit.jsonl.1");
        Files.writeString(older, "older");
        try (AuditLog log = new AuditLog(file, AuditLog.Prompts.LEFT_OUT, 1, 4)) {
            log.ended(facts("first"));
            Path gone = Files.move(disk, directory.resolve("gone"));
            for (int i = 0; i < 5; i++) {
                log.ended(facts("lost"));
            }
            assertEquals(5, log.lost());
            assertEquals("older", Files.readString(directory.resolve("audit.jsonl.2")));

            Files.move(gone, disk);
            log.ended(facts("last"));
            assertEquals(5, log.lost());
            assertTrue(Files.readString(file).contains("last"));
        }
    }

    /** Every write to this device fails as on a full disk. */
    @Test
    @EnabledIf("hasFullDevice")
    void whatAFullDiskLosesIsSaid() throws IOException {
        try (LoggedLines lines = LoggedLines.collect()) {
            AuditLog log = new AuditLog(Path.of("/dev/full"), AuditLog.Prompts.LEFT_OUT, 1 << 20, 3);
            LossLog losses = new LossLog(log::lost);
            log.ended(facts("a"));
            losses.look();
            losses.look();
            log.close();

            assertEquals(
                    List.of("1 lines about requests were lost: a disk is full, broken or too slow."),
                    lines.all(line -> line.contains(" were lost")));
        }
    }

    @Test
    void noCallWaitsForADiskThatHangsAndWhatIsLostIsCounted() throws Exception {
        CountDownLatch works = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        Backlog backlog = new Backlog(facts -> {
            try {
                works.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            told.incrementAndGet();
        });
        backlog.begin();
        int requests = 11_000;
        for (int i = 0; i < requests; i++) {
            backlog.ended(facts("a"));
        }

        assertTrue(backlog.lost() > 0);
        works.countDown();
        backlog.close();
        assertEquals(requests, told.get() + backlog.lost());
    }

    static boolean hasFullDevice() {
        return Files.isWritable(Path.of("/dev/full"));
    }

    private static RequestFacts facts(String clientId) {
        return new RequestFacts(
                new Origin("0123", "stratalens.v1.LensService/Analyze", "127.0.0.1:1", TraceContext.NONE, TIME),
                "ada",
                new Subject("gpt2", clientId, Optional.of(new LensPrompt.Text("secret words", SpecialTokens.NONE))),
                Optional.of(new Work(5, 0, 1, 12, 60, Duration.ZERO, Duration.ofMillis(2), Duration.ofMillis(3))),
                Duration.ofMillis(7).plusNanos(500_000),
                100,
                Outcome.OK);
    }
}
