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

    /** All of it, after a collection of the heap. To be called while nobody asks the server. */
    public Map<Holding, Double> read() throws IOException {
        try {
            Thread.sleep(SETTLE_MILLIS); // what was dropped last is noticed
            collect();
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

    /** As the JDK's own tool does it. */
    private void collect() throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (tool.waitFor() != 0) {
            throw new IOException("jcmd could not have the heap of the server collected");
        }
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
