package dev.stratalens.engine.text.safety;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class SplitExpressionTest {

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
                " {2,}",
                "\\p{N}{1,3}+|\\p{N}(?=(?:\\p{N}{3})+(?!\\p{N}))",
                "[\\p{Han}]+|[\\p{Lu}\\p{M}&&[^\\p{Han}]]*[\\p{Ll}\\p{M}&&[^\\p{Han}]]+(?i:'s|'t)?",
                "(\\r?\\n)+",
                "(?:a|ab)+c?"
            })
    void whatTokenizersHaveNeverMatchesNothing(String expression) {
        assertFalse(SplitExpression.canMatchNothing(expression), expression);
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
    void whatMayMatchNothingIsRecognized(String expression) {
        assertTrue(SplitExpression.canMatchNothing(expression), expression);
    }

    @ParameterizedTest
    @CsvSource({
        "(a+)+$, after a repetition of a part that itself repeats",
        "(a|ab)*c, after a repetition of a part that itself repeats or has alternatives",
        "(\\r?\\n)+(?!x), after a repetition of a part that itself repeats",
        "(?:a|ab)+c?d, after a repetition of a part that itself repeats",
        "(a*)*, repeats a part that itself repeats",
        "(?:a?){40}a{40}, repeats a part that itself repeats",
        "(?:a{1000}b?){1000}, repeats a part that itself repeats",
        "a*a*[bc], too many ways to match",
        "a*a*$, too many ways to match",
        "a*(?:a*b), too many ways to match",
        "a*(?:a*b)?c, too many ways to match",
        "a*(?!a*b), too many ways to match",
        "(?:x|a*a*)\\b, too many ways to match",
        "'a{0,999}a{0,999}b', too many ways to match",
        "a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?aaaaaaaaaaaaaaaaa, too many ways to match",
        "(.)\\1, refers to a group",
        "(a\\g<1>?b), refers to a group",
        "(?~a), an unsupported kind of group",
        "(?x)a, an unsupported kind of group",
        "(?<n>a), an unsupported kind of group",
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
        assertFalse(SplitExpression.canMatchNothing("a".repeat(20_000)));
    }

    private static void assertRefused(String expression, String reason) {
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> SplitExpression.canMatchNothing(expression));
        assertTrue(String.valueOf(failure.getMessage()).contains(reason), failure.toString());
    }
}
