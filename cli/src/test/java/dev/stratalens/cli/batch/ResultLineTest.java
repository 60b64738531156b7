package dev.stratalens.cli.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.stratalens.client.error.ErrorCode;
import dev.stratalens.client.error.LensException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultLineTest {

    private static final String FINGERPRINT = "0123456789abcdef".repeat(2);

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "\"", "\\", "\\\"", "a\nb\r\t", "\",\"request\":\"", "\u2028\u0000<&", "\u00e9\ud83d\ude00"
            })
    void anyIdIsReadBack(String id) throws IOException {
        String line = error(id);
        assertEquals(Optional.of(new ResultLine(id, FINGERPRINT, true)), ResultLine.read(line));
        assertEquals(line.length() - 1, line.indexOf('\n'), "one line");
        JsonObject json = JsonParser.parseString(line).getAsJsonObject();
        assertEquals(id, json.get("id").getAsString());
        assertEquals("why", json.getAsJsonObject("error").get("message").getAsString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\\", "\u0000", "\u2028", "a", "\u4e2d"})
    void theLongestIdFitsIntoTheHead(String character) throws IOException {
        String id = character.repeat(BatchPrompt.LONGEST_ID);
        String line = error(id);
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        String head = new String(bytes, 0, Math.min(bytes.length, ResultLine.LONGEST_HEAD), StandardCharsets.UTF_8);
        assertEquals(Optional.of(new ResultLine(id, FINGERPRINT, true)), ResultLine.read(head));
    }

    @Test
    void aLineIsABeginningWhereverItIsBrokenOff() throws IOException {
        String line = error("a\"b\\c\u0000d");
        for (int length = 0; length < line.length(); length++) {
            assertTrue(ResultLine.isBeginning(line.substring(0, length)), line.substring(0, length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "{\"id\": ", "{\"id\":1", "{\"id\":\"a\",\"text\"", "{\"id\":\"a\",\"request\":\"xyz"})
    void whatOthersWriteIsNone(String text) {
        assertFalse(ResultLine.isBeginning(text));
        assertEquals(Optional.empty(), ResultLine.read(text));
    }

    private static String error(String id) throws IOException {
        StringWriter line = new StringWriter();
        ResultLine.write(id, FINGERPRINT, new LensException(ErrorCode.INTERNAL, "why"), line);
        return line.toString();
    }
}
