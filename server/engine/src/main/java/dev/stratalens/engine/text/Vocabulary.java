package dev.stratalens.engine.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The spelling and bytes of each id. Immutable.
 *
 * @param spelling rule for the spelling of entries
 * @param spellings by id, "" if an id has no entry; not copied
 * @param literals ids whose spelling is always the text itself: special tokens and other additions; not copied
 */
record Vocabulary(TokenSpelling spelling, String[] spellings, BitSet literals) {

    private static final char MARK = '\u2581';
    private static final Pattern BYTE_FALLBACK = Pattern.compile("<0x([0-9A-F]{2})>");

    /** Most bytes that an entry can have. */
    int longestEntry() {
        int characters = Arrays.stream(spellings).mapToInt(String::length).max().orElse(1);
        // A character is a byte in a byte-level vocabulary, and no more than three elsewhere.
        return spelling == TokenSpelling.BYTE_LEVEL && literals.isEmpty() ? characters : 3 * characters;
    }

    VocabularyEntry entry(int id) {
        String written = id < spellings.length ? spellings[id] : "";
        byte[] bytes = bytes(id);
        return new VocabularyEntry(id, written, bytes, written.equals(spell(bytes)));
    }

    /** Ids of entries with a letter or a digit, without the literals. */
    TokenSet words() {
        var words = new BitSet();
        for (int id = 0; id < spellings.length; id++) {
            if (!literals.get(id) && new String(bytes(id), UTF_8).codePoints().anyMatch(Character::isLetterOrDigit)) {
                words.set(id);
            }
        }
        return new TokenSet(words);
    }

    byte[] bytes(int id) {
        if (id >= spellings.length) {
            return new byte[0];
        }
        String written = spellings[id];
        if (literals.get(id)) {
            return written.getBytes(UTF_8);
        }
        if (spelling == TokenSpelling.BYTE_LEVEL) {
            return ByteAlphabet.bytes(written).orElseGet(() -> written.getBytes(UTF_8));
        }
        Matcher fallback = BYTE_FALLBACK.matcher(written);
        if (fallback.matches()) {
            return HexFormat.of().parseHex(fallback.group(1));
        }
        return (spelling == TokenSpelling.METASPACE ? written.replace(MARK, ' ') : written).getBytes(UTF_8);
    }

    /** Spells bytes by the rule; bytes that are not text give a spelling that no entry has. */
    private String spell(byte[] bytes) {
        return switch (spelling) {
            case BYTE_LEVEL -> ByteAlphabet.spell(bytes);
            case METASPACE -> new String(bytes, UTF_8).replace(' ', MARK);
            case PLAIN -> new String(bytes, UTF_8);
        };
    }

    /** The regular entry for a text if there is one, else an added token, else a byte. */
    OptionalInt lookup(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        if (bytes.length == 0) {
            return OptionalInt.empty();
        }
        String asByte = bytes.length == 1 ? "<0x%02X>".formatted(bytes[0]) : text;
        for (String written : List.of(spell(bytes), text, asByte)) {
            for (int id = 0; id < spellings.length; id++) {
                if (spellings[id].equals(written) && Arrays.equals(bytes(id), bytes)) {
                    return OptionalInt.of(id);
                }
            }
        }
        return OptionalInt.empty();
    }
}
