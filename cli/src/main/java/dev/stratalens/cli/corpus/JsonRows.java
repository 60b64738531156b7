package dev.stratalens.cli.corpus;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The elements of one JSON array, each a row, read one after the other. What is no JSON ends the rows. Not thread-safe. */
final class JsonRows implements FileRows {

    /** Of white space before the first character, more than any file has. */
    private static final int LONGEST_SPACE = 1 << 16;

    private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

    private final JsonReader json;
    private final JsonRow form;
    private @Nullable JsonElement current;
    private boolean begun;
    private boolean ended;

    private JsonRows(InputStream in, JsonRow form) {
        this.json = new JsonReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
        this.json.setStrictness(Strictness.STRICT);
        this.form = form;
    }

    /** The elements of an array if the file begins with one, else its lines. */
    static FileRows open(InputStream in, CorpusColumns columns) throws IOException {
        try {
            InputStream bytes = new BufferedInputStream(in, 1 << 16);
            JsonRow form = new JsonRow(columns);
            return first(bytes) == '[' ? new JsonRows(bytes, form) : new LineRows(bytes, form);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** The first byte that is neither white space nor the mark of the byte order, which both readers pass over, too. */
    private static int first(InputStream in) throws IOException {
        in.mark(LONGEST_SPACE + 1);
        int first = in.read();
        for (int i = 0; i < LONGEST_SPACE && (isMark(first, i) || Character.isWhitespace(first)); i++) {
            first = in.read();
        }
        in.reset();
        return first;
    }

    private static boolean isMark(int read, int at) {
        return at < BYTE_ORDER_MARK.length && read == BYTE_ORDER_MARK[at];
    }

    @Override
    public boolean advance() throws IOException {
        current = null;
        if (ended) {
            return false;
        }
        ended = true; // unless this element is whole
        try {
            if (!begun) {
                json.beginArray();
                begun = true;
            }
            if (!json.hasNext()) {
                json.endArray();
                if (json.peek() != JsonToken.END_DOCUMENT) {
                    throw broken("something follows the array", null);
                }
                return false;
            }
            current = JsonParser.parseReader(json);
            ended = false;
            return true;
        } catch (MalformedJsonException | EOFException | JsonParseException | IllegalStateException e) {
            throw broken(String.valueOf(e.getMessage()).lines().findFirst().orElse("it ends early"), e);
        } catch (CharacterCodingException e) {
            throw new CliException(ExitCode.USAGE, TextLines.NOT_UTF_8, e);
        }
    }

    private static CliException broken(String reason, @Nullable Exception cause) {
        String words = "is not an element of a JSON array (%s). Correct the file, or fetch it again.".formatted(reason);
        return cause == null ? CliException.usage(words) : new CliException(ExitCode.USAGE, words, cause);
    }

    @Override
    public Optional<CorpusRow> row() {
        return current == null ? Optional.empty() : form.row(current);
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
