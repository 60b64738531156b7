package dev.stratalens.client.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import dev.stratalens.client.result.Token;
import dev.stratalens.v1.TokenSpelling;
import dev.stratalens.v1.TokenTable;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamVocabularyTest {

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "BYTE_LEVEL, Paris,ĠParis",
                "METASPACE, Paris,▁Paris",
                "UNSPECIFIED, Paris, Paris",
                "BYTE_LEVEL,é,Ã©",
                "METASPACE,é é,é▁é",
                "BYTE_LEVEL,東,æĿ±"
            })
    void theRegularSpellingFollowsFromTheBytes(String spelling, String text, String raw) {
        StreamVocabulary texts = new StreamVocabulary(TokenSpelling.valueOf("TOKEN_SPELLING_" + spelling), 100);
        texts.add(table(7, ByteString.copyFromUtf8(text)).build());
        assertEquals(Token.of(7, raw, text), texts.get(7));
    }

    @Test
    void theByteAlphabetIsThatOfGpt2() {
        byte[] all = new byte[256];
        for (int value = 0; value < 256; value++) {
            all[value] = (byte) value;
        }
        String spelled = TokenBytes.spelling(ByteString.copyFrom(all), TokenSpelling.TOKEN_SPELLING_BYTE_LEVEL);
        assertEquals(256, spelled.length());
        Set<Integer> distinct = new HashSet<>(spelled.chars().boxed().toList());
        assertEquals(256, distinct.size());
        assertEquals('Ā', spelled.charAt(0));
        assertEquals('Ċ', spelled.charAt('\n'));
        assertEquals('Ġ', spelled.charAt(' '));
        assertEquals('!', spelled.charAt('!'));
        assertEquals('~', spelled.charAt('~'));
        assertEquals('ġ', spelled.charAt(127));
        assertEquals('ł', spelled.charAt(160));
        assertEquals('¡', spelled.charAt(161));
        assertEquals('Ń', spelled.charAt(173));
        assertEquals('ÿ', spelled.charAt(255));
    }

    @Test
    void anIrregularSpellingIsKeptAsSent() {
        StreamVocabulary texts = new StreamVocabulary(TokenSpelling.TOKEN_SPELLING_METASPACE, 100);
        texts.add(table(3, ByteString.copyFrom(new byte[] {10}))
                .addIrregularIds(3)
                .addIrregularSpellings("<0x0A>")
                .build());
        assertEquals(Token.of(3, "<0x0A>", "\n"), texts.get(3));
    }

    @Test
    void aTokenOfNoBytesIsShownByItsSpellingOrItsId() {
        StreamVocabulary texts = new StreamVocabulary(TokenSpelling.TOKEN_SPELLING_BYTE_LEVEL, 100);
        texts.add(table(3, ByteString.EMPTY)
                .addIrregularIds(3)
                .addIrregularSpellings("<s>")
                .build());
        texts.add(table(99, ByteString.EMPTY).build());
        texts.add(table(98, ByteString.EMPTY)
                .addIrregularIds(98)
                .addIrregularSpellings("")
                .build());
        assertEquals(Token.of(3, "<s>", "<s>"), texts.get(3));
        assertEquals(Token.of(99, "", "<unused_99>"), texts.get(99));
        assertEquals(Token.of(98, "", "<unused_98>"), texts.get(98));
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "E6,<0xE6>",
                "E69D,<0xE6><0x9D>",
                "E69DB1,東",
                "20E6, <0xE6>",
                "B161,<0xB1>a",
                "61FF62C3,a<0xFF>b<0xC3>",
                "EDA080,<0xED><0xA0><0x80>",
                "F09F9880,😀",
                "EFBFBD,\uFFFD"
            })
    void bytesThatAreNoWholeCharacterAreShownAsBytes(String hex, String text) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertEquals(text, TokenBytes.text(ByteString.copyFrom(bytes)));
        assertEquals(
                new String(bytes, StandardCharsets.ISO_8859_1).length(),
                TokenBytes.spelling(ByteString.copyFrom(bytes), TokenSpelling.TOKEN_SPELLING_BYTE_LEVEL)
                        .length());
    }

    private static TokenTable.Builder table(int id, ByteString bytes) {
        return TokenTable.newBuilder().addIds(id).addTexts(bytes);
    }
}
