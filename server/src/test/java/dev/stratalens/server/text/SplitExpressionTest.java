package dev.stratalens.server.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.server.text.SplitExpression.Trait;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitExpressionTest {

    /** As released tokenizers have them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{M}]*[\\p{Ll}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+",
                " ?[^(\\s|[.,!?…。，、।۔،])]+",
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[一-龥\\u0800-\\u4e00가-퟿]+",
                "[0-9][0-9][0-9]",
                "[\\s\\S]",
                " {2,}"
            })
    void whatTokenizersHaveNeverMatchesNothing(String expression) {
        assertTrue(!SplitExpression.judge(expression).contains(Trait.EMPTY), expression);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x*",
                "x?",
                "^",
                "$",
                "\\b",
                "(?=.)",
                "(?<!a)",
                "a|",
                "()",
                "(?:x{0,9})",
                "x{,3}",
                "\\K",
                "a{2}?"
            })
    void whatMayMatchNothingIsRecognised(String expression) {
        assertTrue(SplitExpression.judge(expression).contains(Trait.EMPTY), expression);
    }

    @ParameterizedTest
    @CsvSource({
        "(a+)+$, repeats what itself repeats",
        "(a|ab)*c, repeats what itself repeats or has alternatives",
        "(?:a?){40}a{40}, repeats what itself repeats",
        "(?:a{1000}b?){1000}, repeats what itself repeats",
        "a*a*a*b, more than 2 unbounded repetitions",
        "(?:a*)(?:a*)(?:b|a*c), more than 2 unbounded repetitions",
        "(.)\\1, refers to a group",
        "(a\\g<1>?b), refers to a group",
        "(?~a), a kind that is not read",
        "(?x)a, a kind that is not read",
        "(?<n>a), a kind that is not read",
        "(a, not closed",
        "a), not open",
        "[a, not closed",
        "\\p{, an escape that is not closed",
        "[a\\, not closed",
        "[]a], empty class",
        "a\\, ends in an escape"
    })
    void whatMayTakeTooLongOrCannotBeJudgedIsRefused(String expression, String reason) {
        assertRefused(expression, reason);
    }

    @Test
    void depthAndLengthAreLimited() {
        assertRefused("(".repeat(5000) + ")".repeat(5000), "nests more than 50 deep");
        assertRefused("a".repeat(20_001), "more than 20,000 characters");
        assertEquals(0, SplitExpression.judge("a".repeat(20_000)).size());
    }

    private static void assertRefused(String expression, String reason) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> SplitExpression.judge(expression));
        assertTrue(String.valueOf(failure.getMessage()).contains(reason), failure.toString());
    }
}
