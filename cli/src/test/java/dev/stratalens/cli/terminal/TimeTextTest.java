package dev.stratalens.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeTextTest {

    @Test
    void durationsAreSaidAsOneWould() {
        assertEquals("0 s", TimeText.text(Duration.ofMillis(300)));
        assertEquals("1 min 0 s", TimeText.text(Duration.ofMillis(59_600)));
        assertEquals("2 min 5 s", TimeText.text(Duration.ofSeconds(125)));
        assertEquals("3 h 1 min", TimeText.text(Duration.ofSeconds(3 * 3600 + 119)));
    }

    @Test
    void anEstimateIsNoMoreExactThanItCanBe() {
        assertEquals("", TimeText.left(Optional.of(Duration.ofSeconds(2))));
        assertEquals("", TimeText.left(Optional.empty()));
        assertEquals(", about 4 s left", TimeText.left(Optional.of(Duration.ofMillis(3_600))));
        assertEquals(", about 40 s left", TimeText.left(Optional.of(Duration.ofMillis(41_900))));
        assertEquals(", about 1 min left", TimeText.left(Optional.of(Duration.ofSeconds(58))));
        assertEquals(", about 3 min left", TimeText.left(Optional.of(Duration.ofSeconds(190))));
        assertEquals(", about 1 h 0 min left", TimeText.left(Optional.of(Duration.ofSeconds(3590))));
    }
}
