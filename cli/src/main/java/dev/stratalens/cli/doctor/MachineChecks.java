package dev.stratalens.cli.doctor;

import dev.stratalens.cli.connect.LocalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processor and memory. What a system does not tell is left out. */
final class MachineChecks {

    /** Extensions that make products of matrices faster, weakest first, as Linux names them on x86-64 and aarch64. */
    private static final List<String> EXTENSIONS =
            List.of("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "sve", "bf16");

    private static final Pattern MEMORY = Pattern.compile("(MemTotal|MemAvailable):\\s+(\\d+) kB");

    private final Path proc;

    /** @param proc the folder of system facts, {@code /proc} on Linux */
    MachineChecks(Path proc) {
        this.proc = proc;
    }

    List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(processor());
        findings.addAll(memory());
        return findings;
    }

    private Finding processor() {
        int cores = Runtime.getRuntime().availableProcessors();
        List<String> words = List.of(read("cpuinfo").split("\\s+"));
        List<String> extensions = EXTENSIONS.stream().filter(words::contains).toList();
        String found = "%d cores, %s%s"
                .formatted(
                        cores,
                        System.getProperty("os.arch"),
                        extensions.isEmpty() ? "" : ", " + String.join(" ", extensions));
        boolean slowBf16 = LocalServer.hasBfloat16(proc).equals(Optional.of(false));
        return Finding.ok(
                "processor",
                found
                        + (slowBf16
                                ? "; no bf16 arithmetic, so --dtype auto means float32, and bfloat16 is slower"
                                : ""));
    }

    private List<Finding> memory() {
        Matcher matcher = MEMORY.matcher(read("meminfo"));
        List<String> parts = new ArrayList<>();
        while (matcher.find()) {
            String what = matcher.group(1).equals("MemTotal") ? "in all" : "free";
            parts.add(String.format(Locale.ROOT, "%.1f GiB %s", Long.parseLong(matcher.group(2)) / 1048576.0, what));
        }
        return parts.isEmpty() ? List.of() : List.of(Finding.ok("memory", String.join(", ", parts)));
    }

    private String read(String name) {
        try {
            return Files.readString(proc.resolve(name));
        } catch (IOException e) {
            return "";
        }
    }
}
