package dev.stratalens.engine.checkpoint.archive;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The entries of a zip archive that does not compress them: each is a part of the file.
 *
 * @param file the archive
 * @param entries by name, in the order of the archive; not modifiable
 */
record StoredEntries(Path file, Map<String, Entry> entries) {

    /** More than an archive of tensors has; each costs a hundred bytes to list. */
    private static final int MOST_ENTRIES = 1 << 17;

    /**
     * @param offset first byte in the file
     * @param byteCount bytes, all of them within the file
     */
    record Entry(long offset, long byteCount) {}

    /**
     * Lists an archive.
     *
     * @throws InvalidCheckpointException if the file is missing, no zip archive, cut off, or compressed
     */
    static StoredEntries of(Path file) {
        if (!Files.isRegularFile(file)) {
            throw InvalidCheckpointException.of(Problem.MISSING_FILE, file, "is missing. Download it again");
        }
        try (SeekableByteChannel channel = FileChannel.open(file)) {
            return new StoredEntries(file, entries(file, channel));
        } catch (IOException | IllegalArgumentException e) {
            // Illegal arguments: what the library says of some damaged archives.
            throw InvalidCheckpointException.of(
                    Problem.CORRUPT, file, "is no zip archive, or is cut off. Download it again");
        }
    }

    private static Map<String, Entry> entries(Path file, SeekableByteChannel channel) throws IOException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (ZipFile zip = ZipFile.builder().setSeekableByteChannel(channel).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entries.size() == MOST_ENTRIES) {
                    throw InvalidCheckpointException.of(
                            Problem.CORRUPT, file, "has more than %,d entries".formatted(MOST_ENTRIES));
                }
                if (entries.put(entry.getName(), located(file, entry, channel.size())) != null) {
                    throw invalid(file, entry.getName(), "occurs twice. The file is damaged: download it again");
                }
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    private static Entry located(Path file, ZipArchiveEntry entry, long fileSize) {
        if (entry.getMethod() != ZipEntry.STORED || entry.getGeneralPurposeBit().usesEncryption()) {
            throw invalid(file, entry.getName(), "is compressed or encrypted. Save it again without");
        }
        long offset = entry.getDataOffset();
        long size = entry.getSize();
        if (offset < 0 || size < 0 || size != entry.getCompressedSize() || offset > fileSize - size) {
            throw invalid(file, entry.getName(), "does not lie within the file. It is cut off: download it again");
        }
        return new Entry(offset, size);
    }

    private static InvalidCheckpointException invalid(Path file, String entry, String what) {
        return InvalidCheckpointException.of(
                Problem.CORRUPT, String.valueOf(file.getFileName()), "entry \"" + entry + "\"", what);
    }

    /** The first bytes of an entry, all of it if it is shorter. */
    byte[] first(Entry entry, int most) throws IOException {
        try (SeekableByteChannel channel = FileChannel.open(file)) {
            var bytes = ByteBuffer.allocate((int) Math.min(most, entry.byteCount()));
            channel.position(entry.offset());
            while (bytes.hasRemaining()) {
                if (channel.read(bytes) < 0) {
                    throw new EOFException();
                }
            }
            return bytes.array();
        }
    }
}
