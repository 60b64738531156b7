package dev.stratalens.report.file;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An array of strings of the file.
 *
 * @param list the strings
 */
record JsonStrings(List<String> list) {

    static JsonStrings read(JsonReader in) throws IOException {
        List<String> list = new ArrayList<>();
        in.beginArray();
        while (in.hasNext()) {
            list.add(in.nextString());
        }
        in.endArray();
        return new JsonStrings(list);
    }
}
