package dev.stratalens.client.internal.assembly;

import static dev.stratalens.client.internal.assembly.BrokenStream.require;

import com.google.protobuf.ByteString;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.TokenSpelling;
import dev.stratalens.v1.TokenTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The texts of a stream's vocabulary ids, reassembled from its token tables: bytes become text, and the regular spelling is
 * derived from them. Written by one thread, readable by any.
 */
final class StreamVocabulary {

    private final TokenSpelling spelling;
    private final int vocabularySize;
    private final Map<Integer, Token> tokens = new ConcurrentHashMap<>();

    StreamVocabulary(TokenSpelling spelling, int vocabularySize) {
        this.spelling = spelling;
        this.vocabularySize = vocabularySize;
    }

    void add(TokenTable table) {
        require(
                table.getTextsCount() == table.getIdsCount(),
                "a token table has %d ids but %d texts",
                table.getIdsCount(),
                table.getTextsCount());
        Map<Integer, String> irregular = irregularSpellings(table);
        for (int i = 0; i < table.getIdsCount(); i++) {
            int id = table.getIds(i);
            require(
                    id >= 0 && id < vocabularySize,
                    "token id %s is outside the vocabulary of %d",
                    Integer.toUnsignedString(id),
                    vocabularySize);
            Token token = token(id, table.getTexts(i), irregular.remove(id));
            require(tokens.putIfAbsent(id, token) == null, "the text of token id %d came twice", id);
        }
        require(irregular.isEmpty(), "spellings came for ids without text: %s", irregular.keySet());
    }

    /** The token of an id whose text must be known by now. */
    Token get(int id) {
        Token token = tokens.get(id);
        if (token == null) {
            throw BrokenStream.error("token id " + Integer.toUnsignedString(id) + " is used before its text came");
        }
        return token;
    }

    List<Token> get(List<Integer> ids) {
        return ids.stream().map(this::get).toList();
    }

    /** A live view by id. */
    Map<Integer, Token> byId() {
        return tokens;
    }

    private static Map<Integer, String> irregularSpellings(TokenTable table) {
        require(
                table.getIrregularSpellingsCount() == table.getIrregularIdsCount(),
                "a token table has %d irregular ids but %d spellings",
                table.getIrregularIdsCount(),
                table.getIrregularSpellingsCount());
        Map<Integer, String> irregular = new HashMap<>();
        for (int i = 0; i < table.getIrregularIdsCount(); i++) {
            irregular.put(table.getIrregularIds(i), table.getIrregularSpellings(i));
        }
        return irregular;
    }

    private Token token(int id, ByteString bytes, @Nullable String irregularSpelling) {
        String raw = irregularSpelling == null ? TokenBytes.spelling(bytes, spelling) : irregularSpelling;
        if (!bytes.isEmpty()) {
            return Token.of(id, raw, TokenBytes.text(bytes));
        }
        // What stands for no bytes is shown as it is spelled, as some special tokens are, or else by its id.
        return Token.of(id, raw, raw.isEmpty() ? "<unused_" + id + ">" : raw);
    }
}
