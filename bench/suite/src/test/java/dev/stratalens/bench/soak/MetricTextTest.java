package dev.stratalens.bench.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MetricTextTest {

    private static final MetricText METRICS = new MetricText("""
            # TYPE jvm_memory_used_bytes gauge
            jvm_memory_used_bytes{jvm_memory_type="heap",otel_scope_name="s"} 1.5E7
            jvm_memory_used_bytes{jvm_memory_type="non_heap",otel_scope_name="s"} 2.0
            stratalens_model_tensors{model="a"} 100.0
            stratalens_model_tensors{model="b"} 20.0
            stratalens_model_tensors_of_something_else{model="b"} 7.0
            plain 3
            """);

    @Test
    void valuesOfAMetricAreAddedUp() {
        assertEquals(120, METRICS.sum("stratalens_model_tensors"));
        assertEquals(3, METRICS.sum("plain"));
    }

    @Test
    void labelsChooseAmongThem() {
        assertEquals(1.5e7, METRICS.sum("jvm_memory_used_bytes", "jvm_memory_type=\"heap\""));
    }

    @Test
    void aMetricThatIsNotThereIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> METRICS.sum("stratalens_model"));
        assertThrows(IllegalArgumentException.class, () -> METRICS.sum("plain", "model=\"a\""));
    }

    @Test
    void fieldsOfAProcessAreRead() {
        String status = "Name:\tjava\nVmRSS:\t  123456 kB\nRssAnon:\t  9 kB\nThreads:\t31\n";
        assertEquals(123_456, HeldNow.field(status, "VmRSS"));
        assertEquals(31, HeldNow.field(status, "Threads"));
        assertThrows(IllegalArgumentException.class, () -> HeldNow.field(status, "Vm"));
    }
}
