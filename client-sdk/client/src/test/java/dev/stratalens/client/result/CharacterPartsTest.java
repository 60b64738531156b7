package dev.stratalens.client.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CharacterPartsTest {

    /** As in the service, a part has the range of its whole character. */
    private static PromptToken token(String text, int start, int end) {
        return PromptToken.of(Token.of(0, text, text), start, end);
    }

    private static List<String> shown(Optional<String> prompt, PromptToken... tokens) {
        return IntStream.range(0, tokens.length)
                .mapToObj(position -> CharacterParts.display(List.of(tokens), prompt, position))
                .toList();
    }

    @Test
    void aPartOfACharacterIsTheCharacterWithItsPart() {
        assertEquals(
                List.of("中", "国 1/2", "国 2/2"),
                shown(Optional.of("中国"), token("中", 0, 3), token("<0xE5><0x9B>", 3, 6), token("<0xBD>", 3, 6)));
        assertEquals(
                List.of("a 👩 1/3", "👩 2/3", "👩 3/3"),
                shown(Optional.of("a👩"), token("a<0xF0>", 0, 5), token("<0x9F><0x91>", 1, 5), token("<0xA9>", 1, 5)));
    }

    @Test
    void otherTokensAreAsTheVocabularyHasThem() {
        assertEquals(
                List.of("<|begin|>", "a", "·b"),
                shown(Optional.of("a b"), token("<|begin|>", 0, 0), token("a", 0, 1), token(" b", 1, 3)));
        assertEquals(
                List.of("<0xE5>", "<0xBD>"), shown(Optional.empty(), token("<0xE5>", 0, 3), token("<0xBD>", 0, 3)));
    }
}
