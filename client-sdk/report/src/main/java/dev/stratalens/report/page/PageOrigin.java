package dev.stratalens.report.page;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Properties;

/**
 * When a page was written and by what; the page's pictures and tables name both.
 *
 * @param version of this library
 */
public record PageOrigin(LocalDate date, String version) {

    /** Of a page that is written today by this library. */
    public static PageOrigin today() {
        Properties properties = new Properties();
        try (InputStream in = PageOrigin.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is missing from the library's resources");
            }
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new PageOrigin(LocalDate.now(ZoneId.systemDefault()), properties.getProperty("version"));
    }

    /** Writes it as an object, as the page reads it. */
    public void write(JsonWriter json) throws IOException {
        json.beginObject();
        json.name("date").value(date.toString());
        json.name("version").value(version);
        json.endObject();
    }
}
