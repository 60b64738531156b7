package dev.stratalens.server.text;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the tokenizers library for Python computed; see generate.py beside the files. */
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

    static List<Expected> read(String kind) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(kind).resolve("expected.jsonl")).stream()
                    .map(line -> new Gson().fromJson(line, Expected.class))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
