package dev.stratalens.engine.text;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Values that the tokenizers library for Python computed; see generate.py beside the files. */
final class RecordedTexts {

    static final Path DIRECTORY = Path.of("src/test/resources/tokenizers");

    private RecordedTexts() {}

    /**
     * One text.
     *
     * @param ids without special tokens
     * @param offsets of those, first and end of each in code points
     * @param templated ids with special tokens
     */
    record Expected(String text, int[] ids, int[] offsets, int[] templated) {}

    /**
     * A text that is too long to write down.
     *
     * @param unit what it repeats
     * @param count how often
     * @param length number of ids, with special tokens
     * @param sha256 of the ids as 32-bit numbers, big end first
     */
    record LongText(String unit, int count, int length, String sha256) {

        String text() {
            return unit.repeat(count);
        }

        static String hash(int[] ids) {
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * ids.length);
            bytes.asIntBuffer().put(ids);
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }

    static List<Expected> read(String kind) {
        return read(kind, "expected.jsonl", Expected.class);
    }

    static List<LongText> readLong(String kind) {
        return read(kind, "long.jsonl", LongText.class);
    }

    private static <T> List<T> read(String kind, String file, Class<T> type) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(kind).resolve(file)).stream()
                    .map(line -> new Gson().fromJson(line, type))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
