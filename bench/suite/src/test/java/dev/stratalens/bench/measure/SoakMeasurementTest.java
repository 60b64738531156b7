package dev.stratalens.bench.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SoakMeasurementTest {

    @Test
    void theFirstLookIsAfterFiveMinutesOrHalfOfAShortTime() {
        assertEquals(Duration.ofMinutes(5), SoakMeasurement.firstLook(Duration.ofHours(1)));
        assertEquals(Duration.ofMinutes(5), SoakMeasurement.firstLook(Duration.ofMinutes(10)));
        assertEquals(Duration.ofSeconds(150), SoakMeasurement.firstLook(Duration.ofMinutes(5)));
    }
}
