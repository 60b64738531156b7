package dev.stratalens.server.models;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this machine, or of the container that the server is in. */
public final class MachineMemory {

    private static final OperatingSystemMXBean MACHINE =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private MachineMemory() {}

    /** All of it, in bytes, whoever uses it. */
    public static long bytes() {
        return MACHINE.getTotalMemorySize();
    }

    /** What nobody uses, in bytes; what the system keeps of files that were read is not among it. */
    public static long freeBytes() {
        return MACHINE.getFreeMemorySize();
    }
}
