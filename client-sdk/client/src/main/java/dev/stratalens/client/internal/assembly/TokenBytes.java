package dev.stratalens.client.internal.assembly;

import com.google.protobuf.ByteString;
import dev.stratalens.v1.TokenSpelling;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** From the bytes that a token stands for to its text and its regular spelling. */
final class TokenBytes {

    private static final char[] BYTE_LEVEL_ALPHABET = byteLevelAlphabet();
    private static final char METASPACE = '\u2581';

    private TokenBytes() {}

    /** UTF-8, where bytes that are no whole character are written as {@code <0xE6>}. */
    static String text(ByteString bytes) {
        if (bytes.isValidUtf8()) {
            return bytes.toStringUtf8();
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = bytes.asReadOnlyByteBuffer();
        CharBuffer out = CharBuffer.allocate(6 * bytes.size());
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put(String.format("<0x%02X>", in.get()));
            }
        }
    }

    /** How the vocabulary writes these bytes. */
    static String spelling(ByteString bytes, TokenSpelling spelling) {
        return switch (spelling) {
            case TOKEN_SPELLING_BYTE_LEVEL -> byteLevel(bytes);
            case TOKEN_SPELLING_METASPACE -> text(bytes).replace(' ', METASPACE);
            case TOKEN_SPELLING_PLAIN, TOKEN_SPELLING_UNSPECIFIED, UNRECOGNIZED -> text(bytes);
        };
    }

    private static String byteLevel(ByteString bytes) {
        StringBuilder spelled = new StringBuilder(bytes.size());
        for (int i = 0; i < bytes.size(); i++) {
            spelled.append(BYTE_LEVEL_ALPHABET[bytes.byteAt(i) & 0xFF]);
        }
        return spelled.toString();
    }

    /** GPT-2's table: printable Latin-1 stands for itself, the other bytes are counted up from U+0100. */
    private static char[] byteLevelAlphabet() {
        char[] alphabet = new char[256];
        char next = '\u0100';
        for (int value = 0; value < alphabet.length; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
            alphabet[value] = printable ? (char) value : next++;
        }
        return alphabet;
    }
}
