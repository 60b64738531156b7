package dev.stratalens.cli.explore;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the JSON of a request, of bounded size. */
final class RequestBody {

    /** More than any prompt that a model reads. */
    static final int LIMIT = 1 << 20;

    /** What is read and thrown away of a body that is too large, so that its sender gets to read the answer. */
    private static final int PATIENCE = 16 * LIMIT;

    private static final Gson GSON = new Gson();

    private static final Pattern PLACE = Pattern.compile(" at line \\d+ column \\d+ path \\S+");

    private RequestBody() {}

    /**
     * The body as a record; what it lacks is null, false or 0.
     *
     * @throws BadRequest if it is too large or no such JSON
     */
    static <T> T read(HttpExchange exchange, Class<T> type) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("Content-Type");
        if (given == null || !given.startsWith("application/json")) {
            throw new BadRequest(415, "The body's type is %s; send application/json.".formatted(given));
        }
        try (InputStream in = exchange.getRequestBody()) {
            byte[] bytes = in.readNBytes(LIMIT + 1);
            if (bytes.length > LIMIT) {
                discard(in);
                throw new BadRequest(
                        413, "The request is larger than %d bytes; give a shorter prompt.".formatted(LIMIT));
            }
            T body = GSON.fromJson(new String(bytes, StandardCharsets.UTF_8), type);
            if (body == null) {
                throw new BadRequest(400, "The body is empty; send a JSON object.");
            }
            return body;
        } catch (JsonParseException e) {
            throw new BadRequest(400, "The body is not the JSON that is expected here%s.".formatted(place(e)));
        }
    }

    /** Where the reader stopped; the rest of what it says is about its own classes. */
    private static String place(JsonParseException failure) {
        Matcher place = PLACE.matcher(String.valueOf(failure.getMessage()));
        return place.find() ? place.group() : "";
    }

    /** Not with {@code skip}, which overlooks the body's end in this server's streams. */
    private static void discard(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        int read = 0;
        for (int left = PATIENCE; left > 0 && read >= 0; left -= read) {
            read = in.read(buffer);
        }
    }
}
