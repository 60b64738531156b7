package dev.stratalens.engine.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.util.Arrays;

/** Finds the ranges of tokens in a text's UTF-8. */
final class ByteRanges {

    private final Vocabulary vocabulary;
    private final String text;
    private final byte[] utf8;
    private final int[] ids;
    private final long[] added;
    private final CharSpan[] spans;
    private final int[] starts;
    private final int[] ends;

    private ByteRanges(Vocabulary vocabulary, String text, Encoding encoding) {
        this.vocabulary = vocabulary;
        this.text = text;
        this.utf8 = text.getBytes(UTF_8);
        this.ids = Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
        this.added = encoding.getSpecialTokenMask();
        this.spans = encoding.getCharTokenSpans();
        this.starts = new int[ids.length];
        this.ends = new int[ids.length];
    }

    /**
     * A byte-level vocabulary gives the number of bytes of each token, while its spans may lack trimmed spaces. Other
     * vocabularies, and normalized texts, need the spans.
     */
    static TokenizedText locate(Vocabulary vocabulary, String text, Encoding encoding) {
        ByteRanges ranges = new ByteRanges(vocabulary, text, encoding);
        if (vocabulary.spelling() != TokenSpelling.BYTE_LEVEL || !ranges.byBytes()) {
            ranges.bySpans();
        }
        return new TokenizedText(ranges.ids, ranges.starts, ranges.ends);
    }

    /** Whether the joined bytes of the tokens are the text; if so, widens each range to whole characters. */
    private boolean byBytes() {
        int position = 0;
        for (int i = 0; i < ids.length; i++) {
            byte[] bytes = added[i] == 1 ? new byte[0] : vocabulary.bytes(ids[i]);
            int end = position + bytes.length;
            if (end > utf8.length || !Arrays.equals(bytes, 0, bytes.length, utf8, position, end)) {
                return false;
            }
            starts[i] = position;
            ends[i] = end;
            while (bytes.length > 0 && isInsideCharacter(starts[i])) {
                starts[i]--;
            }
            while (bytes.length > 0 && isInsideCharacter(ends[i])) {
                ends[i]++;
            }
            position = end;
        }
        return position == utf8.length;
    }

    private boolean isInsideCharacter(int offset) {
        return offset < utf8.length && (utf8[offset] & 0xC0) == 0x80;
    }

    /** Spans count code points. Added tokens have none and get the end of the token before. */
    private void bySpans() {
        int[] offsets = codePointOffsets();
        int position = 0;
        for (int i = 0; i < ids.length; i++) {
            boolean located = added[i] == 0 && spans[i] != null;
            starts[i] = located ? offsets[spans[i].getStart()] : position;
            ends[i] = located ? offsets[spans[i].getEnd()] : position;
            position = ends[i];
        }
    }

    /** Offset of each code point, and the end. */
    private int[] codePointOffsets() {
        int[] codePoints = text.codePoints().toArray();
        int[] offsets = new int[codePoints.length + 1];
        for (int i = 0; i < codePoints.length; i++) {
            int c = codePoints[i];
            offsets[i + 1] = offsets[i] + (c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
        }
        return offsets;
    }
}
