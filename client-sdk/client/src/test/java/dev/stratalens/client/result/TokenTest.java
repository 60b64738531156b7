package dev.stratalens.client.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenTest {

    @ParameterizedTest
    @MethodSource("texts")
    void displayHidesNothing(String text, String display) {
        assertEquals(display, Token.of(1, "raw", text).display());
    }

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(" Paris", "·Paris"),
                Arguments.of("\n\n\t", "⏎⏎→"),
                Arguments.of("a\r\u0007\u001b[31m", "a\\r\\u0007\\u001b[31m"),
                Arguments.of("\u00a0\u3000", "⍽\\u3000"),
                Arguments.of("\u0301a", "◌\u0301a"),
                Arguments.of("x\u202ey\u200b\ufeff", "x\\u202ey\\u200b\\ufeff"),
                Arguments.of("\u2028\u2029", "\\u2028\\u2029"),
                Arguments.of("東京😀é", "東京😀é"),
                Arguments.of("\udb40\udc41", "\\udb40\\udc41"),
                Arguments.of("<0xE6>", "<0xE6>"));
    }
}
