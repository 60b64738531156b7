package dev.stratalens.engine.checkpoint;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Reads parts of files. Opens each file once and keeps it open. Thread-safe. */
public final class StoredBytes implements AutoCloseable {

    private final Map<Path, FileChannel> open = new ConcurrentHashMap<>();

    /**
     * Copies bytes of a file.
     *
     * @return little-endian, from 0 to its limit
     * @throws InvalidCheckpointException if the file cannot be read, or ends too early
     */
    public ByteBuffer read(Path file, long offset, int count) {
        ByteBuffer bytes = readUpTo(file, offset, count);
        if (bytes.limit() < count) {
            throw InvalidCheckpointException.of(
                    Problem.TRUNCATED, file, "has become shorter while it was read. Load the model again");
        }
        return bytes;
    }

    /**
     * Copies bytes of a file, fewer if it ends before.
     *
     * @return little-endian, from 0 to its limit
     * @throws InvalidCheckpointException if the file cannot be read
     */
    ByteBuffer readUpTo(Path file, long offset, int count) {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        try {
            FileChannel channel = channel(file);
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
        } catch (IOException e) {
            throw InvalidCheckpointException.unreadable(Problem.CORRUPT, file, e);
        }
        return bytes.flip();
    }

    private FileChannel channel(Path file) throws IOException {
        FileChannel known = open.get(file);
        if (known != null) {
            return known;
        }
        FileChannel opened = FileChannel.open(file);
        FileChannel first = open.putIfAbsent(file, opened);
        if (first != null) {
            opened.close();
        }
        return first == null ? opened : first;
    }

    @Override
    public void close() {
        for (FileChannel channel : open.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        open.clear();
    }
}
