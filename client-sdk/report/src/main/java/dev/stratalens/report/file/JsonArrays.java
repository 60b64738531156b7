package dev.stratalens.report.file;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;

/** Writes arrays. */
final class JsonArrays {

    private JsonArrays() {}

    /** Writes one element. */
    interface ElementWriter<T> {
        void write(T element) throws IOException;
    }

    /** Writes the element of an index. */
    interface IndexWriter {
        void write(int index) throws IOException;
    }

    /** An array under a name. */
    static <T> void write(JsonWriter json, String name, Iterable<T> elements, ElementWriter<T> writer)
            throws IOException {
        json.name(name).beginArray();
        for (T element : elements) {
            writer.write(element);
        }
        json.endArray();
    }

    /** An array of the indexes {@code offset .. offset + length - 1}. */
    static void range(JsonWriter json, int offset, int length, IndexWriter writer) throws IOException {
        json.beginArray();
        for (int index = offset; index < offset + length; index++) {
            writer.write(index);
        }
        json.endArray();
    }
}
