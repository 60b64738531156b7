package dev.stratalens.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.DeviceMemoryException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {

    private static final long FLOAT32 = 6;

    /** The library's own complaint, which no card is needed for. */
    @Test
    void theProcessGoesOnAfterADeviceHadNoMemory() {
        TensorCount count = new TensorCount();
        try (TorchProgram program = TorchProgram.compile(Device.cpu(3), "weights", Map.of(), count);
                TorchScope scope = program.scope()) {
            var refusal =
                    assertThrows(DeviceMemoryException.class, () -> program.tensor(scope, "empty", 1L << 52, FLOAT32));

            assertEquals(1L << 54, refusal.neededBytes());
            assertTrue(refusal.getMessage().startsWith("cpu:3 ran out of memory"), refusal.getMessage());
            assertEquals(0, count.open());
            assertEquals(4, program.tensor(scope, "empty", 4L, FLOAT32).rows());
        }
    }

    /** As PyTorch 2.7 writes it. */
    @Test
    void aCardsComplaintIsReadWithItsNumbers() {
        var complaint = new IllegalStateException(
                "The following operation failed in the TorchScript interpreter.\nRuntimeError: CUDA out of memory. Tried to"
                        + " allocate 2.50 GiB. GPU 1 has a total capacity of 79.10 GiB of which 512.00 MiB is free. Process 7 has"
                        + " 78.60 GiB memory in use.");

        var refusal = assertInstanceOf(DeviceMemoryException.class, OutOfMemory.of(Device.cuda(1), complaint));

        assertEquals(5L << 29, refusal.neededBytes());
        assertEquals(512L << 20, refusal.freeBytes());
        assertSame(complaint, refusal.getCause());
    }

    @Test
    void numbersThatAreMissingAreNone() {
        var refusal = assertInstanceOf(
                DeviceMemoryException.class,
                OutOfMemory.of(
                        Device.cuda(0), new IllegalStateException("CUDA out of memory. Tried to allocate 20.00 KiB")));

        assertEquals(20 << 10, refusal.neededBytes());
        assertEquals(0, refusal.freeBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported at some other API call",
                "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"
            })
    void complaintsWithoutNumbersAreReadToo(String complaint) {
        var refusal = assertInstanceOf(
                DeviceMemoryException.class, OutOfMemory.of(Device.cuda(0), new IllegalStateException(complaint)));

        assertEquals(0, refusal.neededBytes());
        assertTrue(refusal.getMessage().startsWith("cuda:0 ran out of memory. Ask for fewer"), refusal.getMessage());
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        var other = new IllegalStateException("Expected all tensors to be on the same device");

        assertSame(other, OutOfMemory.of(Device.CPU, other));
    }
}
