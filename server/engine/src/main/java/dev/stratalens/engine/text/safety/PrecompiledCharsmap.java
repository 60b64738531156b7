package dev.stratalens.engine.text.safety;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.BitSet;
import java.util.Deque;

/**
 * SentencePiece's compiled normalizer: the byte length of a double-array trie, its 32-bit units, then the replacements,
 * each ended by a zero byte. The tokenizers library does not check its indexes, and one outside of the trie ends the
 * process. So this class checks every path that a text can take.
 */
public record PrecompiledCharsmap(int[] units, byte[] replacements) {

    /** Whether every path stays inside the map. */
    static boolean isSound(String base64) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() < Integer.BYTES) {
                return false;
            }
            long unitCount = Integer.toUnsignedLong(bytes.getInt()) / Integer.BYTES;
            if (unitCount == 0 || unitCount * Integer.BYTES > bytes.remaining()) {
                return false;
            }
            int[] units = new int[(int) unitCount];
            bytes.asIntBuffer().get(units);
            bytes.position(bytes.position() + units.length * Integer.BYTES);
            byte[] replacements = new byte[bytes.remaining()];
            bytes.get(replacements);
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(replacements));
            return new PrecompiledCharsmap(units, replacements).isSound();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return false;
        }
    }

    private boolean isSound() {
        Deque<Integer> open = new ArrayDeque<>();
        BitSet seen = new BitSet();
        open.add(offset(units[0]));
        while (!open.isEmpty()) {
            int node = open.remove();
            if (seen.get(node)) {
                continue;
            }
            seen.set(node);
            for (int next = 1; next < 256; next++) {
                int place = node ^ next;
                if (place >= units.length) {
                    return false;
                }
                int unit = units[place];
                if (label(unit) == next) {
                    int child = place ^ offset(unit);
                    if (hasReplacement(unit) && !isReplacement(child)) {
                        return false;
                    }
                    open.add(child);
                }
            }
        }
        return true;
    }

    private boolean isReplacement(int child) {
        if (child >= units.length) {
            return false;
        }
        int start = units[child] & Integer.MAX_VALUE;
        return start == replacements.length || (start < replacements.length && (replacements[start] & 0xC0) != 0x80);
    }

    private static int label(int unit) {
        return unit & (Integer.MIN_VALUE | 0xFF);
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 0x200) >>> 6);
    }

    private static boolean hasReplacement(int unit) {
        return (unit & 0x100) != 0;
    }
}
