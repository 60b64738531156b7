package dev.stratalens.engine.text;

import java.util.Arrays;
import java.util.Optional;

/**
 * GPT-2's spelling of bytes as printable characters. Bytes that are printable in Latin-1 are spelled as themselves, the
 * others, in order, as the characters from U+0100 on.
 */
public final class ByteAlphabet {

    private static final int FIRST_STAND_IN = 256;
    private static final char[] CHARACTERS = new char[256];
    private static final short[] BYTES = new short[FIRST_STAND_IN + 68];

    static {
        Arrays.fill(BYTES, (short) -1);
        int standIn = FIRST_STAND_IN;
        for (int value = 0; value < 256; value++) {
            CHARACTERS[value] = isPrintable(value) ? (char) value : (char) standIn++;
            BYTES[CHARACTERS[value]] = (short) value;
        }
    }

    private ByteAlphabet() {}

    private static boolean isPrintable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
    }

    /** Bytes as characters. */
    public static String spell(byte[] bytes) {
        StringBuilder spelling = new StringBuilder(bytes.length);
        for (byte value : bytes) {
            spelling.append(CHARACTERS[Byte.toUnsignedInt(value)]);
        }
        return spelling.toString();
    }

    /** The bytes of a spelling; empty if a character is not in the alphabet. */
    public static Optional<byte[]> bytes(String spelling) {
        byte[] bytes = new byte[spelling.length()];
        for (int i = 0; i < bytes.length; i++) {
            char character = spelling.charAt(i);
            if (character >= BYTES.length || BYTES[character] < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) BYTES[character];
        }
        return Optional.of(bytes);
    }
}
