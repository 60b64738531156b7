package dev.stratalens.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Tensors stay on their device, even if several devices share one memory. */
class DeviceTest {

    private static final Device HERE = Device.cpu(0);
    private static final Device THERE = Device.cpu(1);

    private final TorchProgram here = TorchProgram.compile(HERE, "weights", Map.of(), new TensorCount());
    private final TorchProgram there = TorchProgram.compile(THERE, "weights", Map.of(), new TensorCount());

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    @Test
    void aTensorKnowsItsDevice() {
        TorchTensor tensor = here.scope().floats(new float[] {1, 2}, 2);

        assertEquals(HERE, tensor.device());
        assertEquals(HERE, here.tensor(here.scope(), "stacked", tensor).device());
    }

    @Test
    void aTensorOfAnotherDeviceIsRefusedByName() {
        TorchTensor tensor = here.scope().floats(new float[] {1, 2}, 2);
        TorchTensorMap map = here.map(Map.of("some", tensor));

        assertRefused(() -> there.tensor(there.scope(), "stacked", tensor));
        assertRefused(() -> there.tensor(there.scope(), "with_next", new Object[] {new TorchTensor[] {tensor}}));
        assertRefused(() -> there.tensor(there.scope(), "stacked", map));
        assertRefused(() -> there.map(Map.of("some", tensor)));
        assertRefused(() -> there.scope().adopt(tensor));
    }

    @Test
    void aScopeOfAnotherDeviceIsRefusedByName() {
        TorchTensor tensor = there.scope().floats(new float[] {1, 2}, 2);

        assertRefused(() -> there.tensor(here.scope(), "stacked", tensor));
        assertRefused(() -> there.tensors(here.scope(), "stacked", tensor));
    }

    @Test
    void aCopyIsIndependentAndMayBeUsed() {
        TorchTensor tensor = here.scope().floats(new float[] {1, 2}, 2);
        TorchTensor copy = there.scope().copyOf(tensor);
        tensor.close();

        assertEquals(THERE, copy.device());
        assertArrayEquals(
                new float[] {1, 2}, there.tensor(there.scope(), "stacked", copy).floats());
    }

    /** A type that Java knows no numbers of. */
    @Test
    void bfloat16IsCopied() {
        TorchTensor ones = here.tensor(here.scope(), "ones", 3L, 15L);
        TorchTensor copy = there.scope().copyOf(ones);

        assertArrayEquals(
                new float[] {1, 1, 1},
                there.tensor(there.scope(), "convert", copy, 6L).floats());
    }

    @Test
    void devicesAreNamed() {
        assertEquals("cpu", Device.CPU.name());
        assertEquals("cpu:1", THERE.name());
        assertEquals("meta", Device.META.name());
        assertEquals("cuda:3", Device.cuda(3).name());
    }

    @Test
    void theLibraryKnowsNumbersOfCardsAndNoneOfTheProcessor() {
        assertEquals("cpu", THERE.libraryName());
        assertEquals("cuda:3", Device.cuda(3).libraryName());
    }

    @Test
    void deviceTypesThatNothingComputesOnAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Device("tpu", 0));
        assertThrows(IllegalArgumentException.class, () -> Device.cpu(-2));
    }

    @Test
    void numbersGoToADeviceThatTheHeapCannotReadAndAreNotReadThere() {
        try (TorchProgram shapes = TorchProgram.compile(Device.META, "weights", Map.of(), new TensorCount())) {
            TorchTensor tensor = shapes.scope().copyOf(here.scope().floats(new float[] {1, 2}, 2));

            assertEquals(2, tensor.rows());
            assertThrows(IllegalStateException.class, tensor::floats);
            assertThrows(IllegalStateException.class, tensor::longs);
            assertThrows(IllegalStateException.class, tensor::directView);

            TensorCount count = new TensorCount();
            try (TorchProgram counted = TorchProgram.compile(Device.META, "weights", Map.of(), count);
                    TorchScope scope = counted.scope()) {
                TorchTensor numbers = scope.longs(new long[] {1, 2, 3}, 3);

                assertEquals(Device.META, numbers.device());
                assertEquals(3, numbers.rows());
                assertEquals(4, scope.floats(new float[8], 4, 2).rows());
                assertEquals(2, count.open(), "nothing stays on the processor");
            }
            assertEquals(0, count.open());
        }
    }

    private static void assertRefused(Executable use) {
        String message = assertThrows(IllegalStateException.class, use).toString();
        assertEquals(2, message.split("cpu:[01]", -1).length - 1, message);
    }
}
