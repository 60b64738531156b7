package dev.stratalens.server.config;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this machine, or of the container that the server is in. */
final class MachineMemory {

    private MachineMemory() {}

    /** All of it, in bytes, whoever uses it. */
    static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
