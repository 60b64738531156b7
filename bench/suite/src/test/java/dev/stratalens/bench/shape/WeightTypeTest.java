package dev.stratalens.bench.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightTypeTest {

    @ParameterizedTest
    @CsvSource({
        "3F800000, 3F80",
        "3F808000, 3F80", // a tie goes to even
        "3F818000, 3F82", // a tie goes to even
        "3F808001, 3F81",
        "BF80FFFF, BF81",
        "00000000, 0000"
    })
    void bfloat16IsTheNearest(String float32, String bfloat16) {
        ByteBuffer bytes = ByteBuffer.allocate(2);
        WeightType.BFLOAT16.put(bytes, Float.intBitsToFloat((int) Long.parseLong(float32, 16)));
        assertEquals(Integer.parseInt(bfloat16, 16), bytes.getShort(0) & 0xFFFF);
    }
}
