package dev.stratalens.server.models;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this machine, or of the container that the server is in. */
public final class MachineMemory {

    private static final OperatingSystemMXBean MACHINE =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private MachineMemory() {}

    /** All of it, used or not, in bytes. */
    public static long bytes() {
        return MACHINE.getTotalMemorySize();
    }

    /** What is unused, in bytes, without what the system keeps of files that were read. */
    public static long freeBytes() {
        return MACHINE.getFreeMemorySize();
    }
}
