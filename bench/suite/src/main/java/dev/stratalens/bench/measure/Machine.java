package dev.stratalens.bench.measure;

import dev.stratalens.cli.connect.Installation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine and the versions, as far as the system tells; without them a figure says nothing. */
final class Machine {

    /** Vector and bf16 instructions, weakest first, as Linux names them on x86-64 and aarch64. */
    private static final List<String> EXTENSIONS =
            List.of("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "sve", "bf16");

    /** Variables that change how products are computed. */
    private static final List<String> VARIABLES = List.of(
            "OMP_NUM_THREADS",
            "OMP_WAIT_POLICY",
            "GOMP_SPINCOUNT",
            "MKL_NUM_THREADS",
            "MKL_ENABLE_INSTRUCTIONS",
            "KMP_BLOCKTIME",
            "GOMP_CPU_AFFINITY",
            "MALLOC_MMAP_THRESHOLD_",
            "MALLOC_TRIM_THRESHOLD_");

    private final Path proc;

    /** @param proc {@code /proc} on Linux */
    Machine(Path proc) {
        this.proc = proc;
    }

    /** Facts by name, in order. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        put(facts, "processor", match("cpuinfo", "model name\\s*:\\s*(.+)"));
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        List<String> flags =
                List.of(match("cpuinfo", "(?:flags|Features)\\s*:\\s*(.+)").split(" "));
        put(
                facts,
                "instructions",
                String.join(" ", EXTENSIONS.stream().filter(flags::contains).toList()));
        put(facts, "memory", memory());
        facts.put(
                "system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        facts.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
        facts.put("pytorch", pytorch());
        facts.put("settings", settings());
        facts.put("stratalens", Installation.version());
        facts.put(
                "load_at_start",
                String.format(
                        Locale.ROOT,
                        "%.2f",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        return facts;
    }

    private String memory() {
        String kilobytes = match("meminfo", "MemTotal:\\s+(\\d+) kB");
        return kilobytes.isEmpty() ? "" : String.format(Locale.ROOT, "%.1f GiB", Long.parseLong(kilobytes) / 1048576.0);
    }

    private static String pytorch() {
        Properties properties = new Properties();
        try (InputStream in = Machine.class.getResourceAsStream("/native/lib/pytorch.properties")) {
            if (in == null) {
                return "libtorch of " + System.getenv().getOrDefault("PYTORCH_LIBRARY_PATH", "an unknown place");
            }
            properties.load(in);
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version") + " " + properties.getProperty("flavor");
    }

    private static String settings() {
        List<String> set = new ArrayList<>();
        for (String name : VARIABLES) {
            String value = System.getenv(name);
            if (value != null) {
                set.add(name + "=" + value);
            }
        }
        return String.join(" ", set);
    }

    private String match(String file, String pattern) {
        try {
            Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(proc.resolve(file)));
            return matcher.find() ? matcher.group(1).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static void put(Map<String, String> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }
}
