package dev.stratalens.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    @ParameterizedTest
    @CsvSource({"0, .00", "0.0049, .00", "0.005, .01", "0.074, .07", "0.994, .99", "0.995, 1.0", "1, 1.0"})
    void probabilitiesTakeThreeCharacters(double probability, String text) {
        assertEquals(text, Figures.probability(probability));
    }

    @Test
    void natsHaveTwoDecimalsInEveryLocale() {
        assertEquals("3.14", Figures.nats(OptionalDouble.of(3.14159)));
        assertEquals("-", Figures.nats(OptionalDouble.empty()));
    }
}
