package dev.stratalens.server.grpc.result;

import com.google.protobuf.ByteString;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.engine.text.VocabularyEntry;
import dev.stratalens.v1.TokenTable;
import java.util.BitSet;

/** Sends each id's text once per stream, no later than its first use. */
public final class SentTexts {

    /** Of one text; what a vocabulary may have beyond that is cut, so that messages stay small whatever it has. */
    static final int MAX_TEXT_BYTES = 1024;
    /** New texts of a message, beyond which no further position or token is begun in it. */
    static final int MAX_TABLE_BYTES = 128 << 10;

    private final Tokenizer tokenizer;
    private final BitSet sent = new BitSet();

    public SentTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** An empty table for the texts of one message. */
    Table table() {
        return new Table();
    }

    /** Texts of one message. */
    final class Table {
        private final TokenTable.Builder table = TokenTable.newBuilder();
        private int bytes;

        /** Adds the text of an id, unless it was sent; a negative id stands for no token. */
        void add(int id) {
            if (id >= 0 && !sent.get(id)) {
                sent.set(id);
                add(tokenizer.entry(id));
            }
        }

        private void add(VocabularyEntry entry) {
            int length = Math.min(entry.bytes().length, MAX_TEXT_BYTES);
            table.addIds(entry.id()).addTexts(ByteString.copyFrom(entry.bytes(), 0, length));
            bytes += length;
            if (!entry.regular()) {
                String spelling = entry.spelling();
                String cut = spelling.length() <= MAX_TEXT_BYTES ? spelling : spelling.substring(0, MAX_TEXT_BYTES);
                table.addIrregularIds(entry.id()).addIrregularSpellings(cut);
                bytes += cut.length();
            }
        }

        /** Whether the message has as many texts as it should. */
        boolean isFull() {
            return bytes >= MAX_TABLE_BYTES;
        }

        TokenTable build() {
            return table.build();
        }
    }
}
