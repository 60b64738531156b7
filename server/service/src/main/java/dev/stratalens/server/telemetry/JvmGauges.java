package dev.stratalens.server.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process and its JVM, by the names of the semantic conventions. */
final class JvmGauges {

    private static final AttributeKey<String> TYPE = AttributeKey.stringKey("jvm.memory.type");
    private static final AttributeKey<String> COLLECTOR = AttributeKey.stringKey("jvm.gc.name");
    /** Sizes of this process in pages; Linux only. */
    private static final Path SIZES = Path.of("/proc/self/statm");

    private static final int PAGE = 4096;

    private JvmGauges() {}

    static void register(Meter meter) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        ServerGauges.gauge(meter, "jvm.memory.used", "By", "Memory of the JVM in use.")
                .buildWithCallback(now -> {
                    now.record(memory.getHeapMemoryUsage().getUsed(), Attributes.of(TYPE, "heap"));
                    now.record(memory.getNonHeapMemoryUsage().getUsed(), Attributes.of(TYPE, "non_heap"));
                });
        ServerGauges.gauge(meter, "jvm.memory.limit", "By", "Largest size of the heap.")
                .buildWithCallback(
                        now -> now.record(memory.getHeapMemoryUsage().getMax(), Attributes.of(TYPE, "heap")));
        ServerGauges.gauge(meter, "jvm.thread.count", "", "Threads of Java.")
                .buildWithCallback(
                        now -> now.record(ManagementFactory.getThreadMXBean().getThreadCount()));
        meter.counterBuilder("jvm.gc.time")
                .ofDoubles()
                .setUnit("s")
                .setDescription("Time in garbage collections.")
                .buildWithCallback(now -> ManagementFactory.getGarbageCollectorMXBeans()
                        .forEach(collector ->
                                now.record(seconds(collector), Attributes.of(COLLECTOR, collector.getName()))));
        if (Files.isReadable(SIZES)) {
            // Weights and what is computed lie outside the heap.
            ServerGauges.gauge(meter, "process.memory.resident", "By", "Memory of the process, weights included.")
                    .buildWithCallback(now -> now.record(residentBytes()));
        }
    }

    private static double seconds(GarbageCollectorMXBean collector) {
        return Math.max(0, collector.getCollectionTime()) / 1000.0;
    }

    private static long residentBytes() {
        try {
            return Long.parseLong(Files.readString(SIZES).split(" ", 3)[1]) * PAGE;
        } catch (IOException e) {
            return 0;
        }
    }
}
