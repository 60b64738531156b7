package dev.stratalens.bench.soak;

import dev.stratalens.bench.server.AdminPort;
import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at what a server process holds. Linux only. */
public final class HeldNow {

    private static final long SETTLE_MILLIS = 2_000;

    private final Path proc;
    private final long pid;
    private final AdminPort admin;

    /** @param proc {@code /proc} */
    public HeldNow(Path proc, long pid, AdminPort admin) {
        this.proc = proc;
        this.pid = pid;
        this.admin = admin;
    }

    /** All of it, after a collection of the heap, and without what the C library only keeps. To be called while nobody asks the server. */
    public Map<Holding, Double> read() throws IOException {
        try {
            Thread.sleep(SETTLE_MILLIS); // what was dropped last is noticed
            have("GC.run");
            // Newer JVMs; what the C library keeps for later would hide what is held.
            have("System.trim_native_heap");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(ExitCode.INTERRUPTED, "interrupted while the server was looked at", e);
        }
        MetricText metrics = new MetricText(admin.metrics());
        Path process = proc.resolve(Long.toString(pid));
        String status = Files.readString(process.resolve("status"));
        Map<Holding, Double> held = new EnumMap<>(Holding.class);
        held.put(Holding.RESIDENT_MEMORY, 1024.0 * field(status, "VmRSS"));
        held.put(Holding.HEAP, metrics.sum("jvm_memory_used_bytes", "jvm_memory_type=\"heap\""));
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            held.put(Holding.OPEN_FILES, (double) files.count());
        }
        held.put(Holding.THREADS, (double) field(status, "Threads"));
        held.put(Holding.TENSORS, metrics.sum("stratalens_model_tensors"));
        return held;
    }

    /** Has the JVM of the server do something, as the JDK's own tool does. */
    private void have(String command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var unused = tool.waitFor();
    }

    /** A number of {@code /proc/PID/status}. */
    static long field(String status, String name) {
        Matcher value = Pattern.compile("(?m)^" + name + ":\\s+(\\d+)").matcher(status);
        if (!value.find()) {
            throw new IllegalArgumentException("no " + name + " in the status of the process");
        }
        return Long.parseLong(value.group(1));
    }
}
