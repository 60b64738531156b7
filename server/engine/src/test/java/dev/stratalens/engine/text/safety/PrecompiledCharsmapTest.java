package dev.stratalens.engine.text.safety;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class PrecompiledCharsmapTest {

    private static final int LABEL = 'a';
    private static final int LEAF = 1 << 8;
    private static final int CHILD = 200;

    @Test
    void aMapThatReplacesOneCharacterIsSound() {
        assertTrue(PrecompiledCharsmap.isSound(map(256, LABEL ^ CHILD, 0, "b\0")));
    }

    @ParameterizedTest
    @CsvSource({
        "255, 0, 'the root has no place for every character'",
        "256, 2, 'the replacement begins inside a character'",
        "256, 9, 'the replacement begins after the end'"
    })
    void aMapThatLeadsOutsideItselfIsNotSound(int unitCount, int value, String why) {
        assertFalse(PrecompiledCharsmap.isSound(map(unitCount, LABEL ^ CHILD, value, "xé\0")), why);
    }

    @Test
    void aReplacementOutsideTheTrieIsNotSound() {
        assertFalse(PrecompiledCharsmap.isSound(map(256, 5_000, 0, "b\0")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "AAAAAA==", "not base64!", "BAAAAAAAAAA=", "/////wAAAAA=", "AAQAAA=="})
    void whatIsNoMapIsNotSound(String base64) {
        assertFalse(PrecompiledCharsmap.isSound(base64));
    }

    @Test
    void replacementsThatAreNoTextAreNotSound() {
        byte[] bytes = Base64.getDecoder().decode(map(256, LABEL ^ CHILD, 0, "b\0"));
        bytes[bytes.length - 1] = (byte) 0xFF;

        assertFalse(PrecompiledCharsmap.isSound(Base64.getEncoder().encodeToString(bytes)));
    }

    /** A trie of one edge, from the root by LABEL to a leaf that holds the place of its replacement. */
    private static String map(int unitCount, int childOffset, int value, String replacements) {
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * unitCount + replacements.getBytes(UTF_8).length)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(4 * unitCount);
        for (int i = 0; i < unitCount; i++) {
            bytes.putInt(i == LABEL ? LABEL | LEAF | childOffset << 10 : i == CHILD ? value : 0);
        }
        bytes.put(replacements.getBytes(UTF_8));
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
