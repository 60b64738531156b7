package dev.stratalens.report.file;

import dev.stratalens.client.result.Token;
import java.util.HashMap;
import java.util.Map;

/** The texts of a file's ids. */
final class FileVocabulary {

    private final Map<Integer, Token> tokens = new HashMap<>();

    FileVocabulary(Section vocab) throws LensFileException {
        for (String id : vocab.values().keySet()) {
            Token token = token(Integer.parseInt(id), vocab.object(id));
            tokens.put(token.id(), token);
        }
    }

    static Token token(int id, Section fields) throws LensFileException {
        NativeJsonContents.require(id >= 0, fields.path() + ": token id " + id + " is below 0");
        return Token.of(id, fields.string("raw"), fields.string("text"));
    }

    Map<Integer, Token> tokens() {
        return tokens;
    }

    /** The token of an id; refuses an id without an entry. */
    Token known(int id) throws LensFileException {
        Token token = tokens.get(id);
        if (token == null) {
            throw new LensFileException("$.vocab: token id " + id + " is used, but has no entry here", null);
        }
        return token;
    }

    void requireKnown(int[] ids) throws LensFileException {
        for (int id : ids) {
            known(id);
        }
    }
}
