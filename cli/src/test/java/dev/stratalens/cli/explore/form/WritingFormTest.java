package dev.stratalens.cli.explore.form;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stratalens.cli.failure.CliException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a page asks for a text. */
class WritingFormTest {

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.7})
    void aSeedThatIsNoNumberIsRefusedWhateverTheTemperature(double temperature) {
        WritingForm form = new WritingForm(3, temperature, "abc", null, null, false);
        CliException refused = assertThrows(CliException.class, form::options);
        assertEquals("--seed: \"abc\" is no whole number of 64 bits; give one, or leave it out.", refused.getMessage());
    }

    @Test
    void aSeedOfAllDigitsIsTaken() {
        WritingForm form = new WritingForm(3, 0.7, "9007199254740993", null, null, false);
        assertEquals(
                9007199254740993L,
                form.options().sampling().orElseThrow().seed().orElseThrow());
    }
}
