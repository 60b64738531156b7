package dev.stratalens.engine.lens.generation;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The text of generated tokens, which may end in the middle of a character. */
final class GeneratedText {

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final StringBuilder text = new StringBuilder();
    private ByteBuffer left = ByteBuffer.allocate(0);
    private int added;

    /** Adds the bytes of a token; gives the characters that they complete. */
    String add(byte[] bytes) {
        ByteBuffer joined = ByteBuffer.allocate(left.remaining() + bytes.length);
        joined.put(left).put(bytes).flip();
        CharBuffer characters = CharBuffer.allocate(joined.remaining() + 1);
        decoder.decode(joined, characters, false);
        left = joined.slice();
        String completed = characters.flip().toString();
        text.append(completed);
        added = completed.length();
        return completed;
    }

    /** Whether the last token has completed one of these. */
    boolean endsWithOneOf(List<String> stops) {
        return stops.stream()
                .anyMatch(stop -> text.indexOf(stop, Math.max(0, text.length() - added - stop.length() + 1)) >= 0);
    }
}
