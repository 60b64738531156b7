package dev.stratalens.server.models;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** The memory of this machine, or of the container that the server is in. */
public final class MachineMemory {

    private static final OperatingSystemMXBean MACHINE =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** To ask takes milliseconds in a container: many files are read. */
    private static final long BYTES = MACHINE.getTotalMemorySize();

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private static volatile Free free = Free.now();

    private record Free(long bytes, long nanos) {

        static Free now() {
            return new Free(MACHINE.getFreeMemorySize(), System.nanoTime());
        }
    }

    private MachineMemory() {}

    /** All of it, used or not, in bytes, as it was at the start. */
    public static long bytes() {
        return BYTES;
    }

    /** What was unused within the last second, in bytes, without what the system keeps of files that were read. */
    public static long freeBytes() {
        Free seen = free;
        if (System.nanoTime() - seen.nanos() > FRESH_NANOS) {
            seen = Free.now();
            free = seen;
        }
        return seen.bytes();
    }
}
