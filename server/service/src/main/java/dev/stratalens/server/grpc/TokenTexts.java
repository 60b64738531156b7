package dev.stratalens.server.grpc;

import com.google.protobuf.ByteString;
import dev.stratalens.engine.text.Tokenizer;
import dev.stratalens.engine.text.VocabularyEntry;
import dev.stratalens.v1.TokenTable;
import java.util.BitSet;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;

/** Sees to it that each id's text is sent once per stream, no later than its first use. */
final class TokenTexts {

    private final Tokenizer tokenizer;
    private final BitSet sent = new BitSet();

    TokenTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** The texts of those ids that were not asked for before; negative ids stand for no token. */
    TokenTable unsent(IntStream ids) {
        TokenTable.Builder table = TokenTable.newBuilder();
        PrimitiveIterator.OfInt all = ids.iterator();
        while (all.hasNext()) {
            int id = all.nextInt();
            if (id >= 0 && !sent.get(id)) {
                sent.set(id);
                add(table, tokenizer.entry(id));
            }
        }
        return table.build();
    }

    private static void add(TokenTable.Builder table, VocabularyEntry entry) {
        table.addIds(entry.id()).addTexts(ByteString.copyFrom(entry.bytes()));
        if (!entry.regular()) {
            table.addIrregularIds(entry.id()).addIrregularSpellings(entry.spelling());
        }
    }
}
