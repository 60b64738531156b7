package dev.stratalens.report.comparison;

import dev.stratalens.client.result.LensResult;
import dev.stratalens.client.result.Token;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keys of the tokens of two results; the same token has the same key in both. If the results have one vocabulary, the
 * key is the id. Otherwise tokens are matched by text, and a text that several ids of one result share has no key,
 * since its counterpart is ambiguous.
 */
final class TokenKeys {

    /** Key of a token that is not compared. */
    static final int NONE = -1;

    private final boolean byText;
    private final Map<String, Integer> keys = new HashMap<>();
    private final Set<String> unclear = new HashSet<>();

    private TokenKeys(LensResult a, LensResult b) {
        byText = !isOneVocabulary(a, b);
        if (byText) {
            number(a);
            number(b);
        }
    }

    static TokenKeys of(LensResult a, LensResult b) {
        return new TokenKeys(a, b);
    }

    /** Whether tokens are matched by text. */
    boolean byText() {
        return byText;
    }

    /** The key of a token of either result, or {@link #NONE}. */
    int key(Token token) {
        return byText ? unclear.contains(token.text()) ? NONE : keys.getOrDefault(token.text(), NONE) : token.id();
    }

    /** The same number of entries, and the same spelling of every id that both results have. */
    private static boolean isOneVocabulary(LensResult a, LensResult b) {
        Map<Integer, Token> others = b.vocabulary();
        boolean shares = false;
        for (Token token : a.vocabulary().values()) {
            Token other = others.get(token.id());
            if (other != null && !other.equals(token)) {
                return false;
            }
            shares |= other != null;
        }
        return shares && a.model().vocabularySize().equals(b.model().vocabularySize());
    }

    private void number(LensResult result) {
        Set<String> seen = new HashSet<>();
        for (Token token : result.vocabulary().values()) {
            keys.putIfAbsent(token.text(), keys.size());
            if (!seen.add(token.text())) {
                unclear.add(token.text());
            }
        }
    }
}
