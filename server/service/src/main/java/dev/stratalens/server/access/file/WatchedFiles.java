package dev.stratalens.server.access.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The value of some files, as they were when they could last be read. */
final class WatchedFiles<T> implements Supplier<T> {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

    private final List<Path> files;
    private final FileWatch.Reader<T> reader;
    private List<Optional<Stamp>> seen;
    private String refusal = "";
    private volatile T value;

    WatchedFiles(List<Path> files, FileWatch.Reader<T> reader) throws IOException {
        this.files = List.copyOf(files);
        this.reader = reader;
        // Before reading: a change during that is seen at the next look.
        this.seen = stamps();
        this.value = reader.read();
    }

    @Override
    public T get() {
        return value;
    }

    /** Reads the files if they changed since they could last be read. */
    synchronized void look() {
        List<Optional<Stamp>> now = stamps();
        if (now.equals(seen)) {
            refusal = "";
            return;
        }
        try {
            value = reader.read();
            seen = now;
            refusal = "";
            LOG.info("Read again after a change: {}", files);
        } catch (IOException failure) {
            // Read at the next look, too: the fault may be one of the disk, that passes.
            warn(String.valueOf(failure.getMessage()));
        }
    }

    private void warn(String next) {
        if (!next.equals(refusal)) {
            refusal = next;
            LOG.warn("{} What was read before stays in force.", next);
        }
    }

    /** Tells versions of a file apart; a replaced file has another key, even with the same size at the same time. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {}

    private List<Optional<Stamp>> stamps() {
        return files.stream().map(WatchedFiles::stamp).toList();
    }

    private static Optional<Stamp> stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
