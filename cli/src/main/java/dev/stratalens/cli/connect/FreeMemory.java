package dev.stratalens.cli.connect;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of this machine, or of the container that the program is in, that programs may still take. */
final class FreeMemory {

    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d{1,15}) kB");

    private FreeMemory() {}

    /** In bytes. What only caches files counts as free where the system tells it apart. */
    static long bytes() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try {
            return bytes(Files.readString(Path.of("/proc/meminfo")), system.getTotalMemorySize());
        } catch (IOException noLinux) {
            return system.getFreeMemorySize();
        }
    }

    /**
     * As Linux tells it; a container sees the numbers of its host, and has no more than its own limit.
     *
     * @param meminfo content of {@code /proc/meminfo}
     */
    static long bytes(String meminfo, long limitBytes) {
        Matcher available = AVAILABLE.matcher(meminfo);
        return available.find() ? Math.min(Long.parseLong(available.group(1)) * 1024, limitBytes) : limitBytes / 2;
    }
}
