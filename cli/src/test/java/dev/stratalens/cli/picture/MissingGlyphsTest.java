package dev.stratalens.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissingGlyphsTest {

    @Test
    void charactersWithoutAFontAreNamedWithARemedy() {
        assertEquals(
                Optional.of(
                        "No font here has 中 的: they are boxes in the picture. Install fonts that have them (Debian and Ubuntu: apt install fonts-noto-cjk), or write --format svg."),
                MissingGlyphs.warning("<svg a=\"東\"><text>的 a中的</text></svg>", character -> character < 128));
    }

    @Test
    void manyAreCounted() {
        assertEquals(
                Optional.of(
                        "No font here has א ב ג ד ה ו ז ח and 2 more: they are boxes in the picture. Install fonts that have them (Debian and Ubuntu: apt install fonts-noto-core), or write --format svg."),
                MissingGlyphs.warning("<t>אבגדהוזחטי</t>", character -> character < 128));
    }

    @Test
    void aPictureThatCanBeDrawnHasNoWarning() {
        assertEquals(Optional.empty(), MissingGlyphs.warning("<text>word\u200d</text>"));
    }
}
