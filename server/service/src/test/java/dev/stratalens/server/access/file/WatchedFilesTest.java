package dev.stratalens.server.access.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.LoggedLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedFilesTest {

    @TempDir
    Path directory;

    private int reads;
    private Optional<IOException> fault = Optional.empty();

    @Test
    void readsAgainOnlyWhatChanged() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "1");
        WatchedFiles<Integer> watched = new WatchedFiles<>(List.of(file), () -> number(file));

        watched.look();
        assertEquals(1, reads);
        replace(file, "2");
        watched.look();
        assertEquals(2, watched.get());
        assertEquals(2, reads);
    }

    @Test
    void keepsTheValueWhileTheFileIsBrokenOrGone() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "1");
        WatchedFiles<Integer> watched = new WatchedFiles<>(List.of(file), () -> number(file));

        replace(file, "x");
        watched.look();
        assertEquals(1, watched.get());
        Files.delete(file);
        watched.look();
        assertEquals(1, watched.get());
        assertEquals(3, reads);
        Files.writeString(file, "3");
        watched.look();
        assertEquals(3, watched.get());
    }

    /** A disk that has a fault, or a process without a free file, for a moment. */
    @Test
    void readsAgainWhatCouldNotBeReadForAMoment() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "1");
        WatchedFiles<Integer> watched = new WatchedFiles<>(List.of(file), () -> {
            if (fault.isPresent()) {
                throw fault.get();
            }
            return number(file);
        });
        replace(file, "2");

        fault = Optional.of(new IOException("Too many open files"));
        try (LoggedLines lines = LoggedLines.collect()) {
            watched.look();
            watched.look();
            assertEquals(
                    1,
                    lines.all(line -> line.contains("What was read before stays in force"))
                            .size());
        }
        assertEquals(1, watched.get());
        fault = Optional.empty();
        watched.look();
        assertEquals(2, watched.get());
    }

    @Test
    void aWatchOutlivesErrors() throws InterruptedException {
        CountDownLatch looks = new CountDownLatch(3);
        try (FileWatch watch = new FileWatch()) {
            watch.repeat(Duration.ofMillis(1), () -> {
                looks.countDown();
                throw new OutOfMemoryError("made up");
            });
            assertTrue(looks.await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void noticesThatALinkLeadsElsewhere() throws IOException {
        Path first = Files.writeString(directory.resolve("first"), "1");
        Path second = Files.writeString(directory.resolve("second"), "2");
        Files.setLastModifiedTime(second, Files.getLastModifiedTime(first));
        Path link = Files.createSymbolicLink(directory.resolve("link"), first);
        WatchedFiles<Integer> watched = new WatchedFiles<>(List.of(link), () -> number(link));

        Files.delete(link);
        Files.createSymbolicLink(link, second);
        watched.look();

        assertEquals(2, watched.get());
    }

    @Test
    void mustBeReadableAtFirst() {
        Path file = directory.resolve("file");
        assertThrows(IOException.class, () -> new WatchedFiles<>(List.of(file), () -> number(file)));
    }

    /** As editors do it, so that the file is another one even within the resolution of its time. */
    private void replace(Path file, String text) throws IOException {
        Files.move(Files.writeString(directory.resolve("fresh"), text), file, StandardCopyOption.REPLACE_EXISTING);
    }

    private int number(Path file) throws IOException {
        reads++;
        try {
            return Integer.parseInt(Files.readString(file));
        } catch (NumberFormatException e) {
            throw new IOException(file + " is no number.");
        }
    }
}
