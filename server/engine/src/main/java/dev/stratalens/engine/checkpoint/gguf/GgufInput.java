package dev.stratalens.engine.checkpoint.gguf;

import dev.stratalens.engine.error.InvalidCheckpointException;
import dev.stratalens.engine.error.InvalidCheckpointException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads a GGUF header from its start, little-endian. Refuses a length that the rest of the file cannot hold. */
final class GgufInput {

    private final InputStream in;
    private final String file;
    private final long fileSize;
    private long position;

    /** @param file name for errors */
    GgufInput(InputStream in, String file, long fileSize) {
        this.in = in;
        this.file = file;
        this.fileSize = fileSize;
    }

    /** Number of bytes read. */
    long position() {
        return position;
    }

    ByteBuffer bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        position += bytes.length;
        if (bytes.length < count) {
            throw InvalidCheckpointException.of(
                    Problem.TRUNCATED,
                    file,
                    "is cut off in its header, after %,d bytes. Download it again".formatted(position));
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int int32() throws IOException {
        return bytes(Integer.BYTES).getInt();
    }

    long int64() throws IOException {
        return bytes(Long.BYTES).getLong();
    }

    /**
     * Reads the count of the following entries.
     *
     * @param what name of the entries, for errors
     * @param leastBytes smallest size of an entry
     * @param most largest accepted count
     */
    int count(String what, int leastBytes, int most) throws IOException {
        long count = int64();
        if (count < 0 || count > most || count > (fileSize - position) / leastBytes) {
            throw corrupt(
                    what,
                    "has a count of %s; at most %,d are read, and no more than the file holds"
                            .formatted(Long.toUnsignedString(count), most));
        }
        return (int) count;
    }

    /** Reads a text that follows its length. */
    String text(String what, int mostBytes) throws IOException {
        ByteBuffer bytes = bytes(count(what, 1, mostBytes));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw corrupt(what, "is not UTF-8 text");
        }
    }

    /** The failure for a header that contradicts itself or the file. */
    InvalidCheckpointException corrupt(String offender, String what) {
        return InvalidCheckpointException.of(
                Problem.CORRUPT, file, offender, what + ". The file is damaged: download it again");
    }
}
