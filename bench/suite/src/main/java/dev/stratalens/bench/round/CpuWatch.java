package dev.stratalens.bench.round;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tells from Linux's counters whether processes other than this one and its children used the processor. Elsewhere it sees
 * nothing and says so.
 */
public final class CpuWatch {

    /** Cores that something else may use before a measurement counts as disturbed. */
    private static final double TOLERATED_CORES = 0.25;

    /** The counters tick 100 times a second, in every core and process. */
    private static final double TICKS_PER_SECOND = 100;

    private static final double BLUR_SECONDS = 0.05;

    /** Such as {@code 0-3,8}. */
    private static final Pattern CORE_RANGE = Pattern.compile("(\\d+)(?:-(\\d+))?");

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /**
     * Counters at one moment.
     *
     * @param nanos of the clock
     * @param busyTicks of all cores that this process may use
     * @param ownTicks of this process and its children, ended ones too
     */
    public record Reading(long nanos, double busyTicks, double ownTicks) {}

    private final Path proc;
    private final boolean available;

    /**
     * Watches from now on.
     *
     * @param proc {@code /proc} on Linux
     */
    public CpuWatch(Path proc) {
        this.proc = proc;
        this.available = Files.isReadable(proc.resolve("stat")) && Files.isReadable(proc.resolve("self/stat"));
    }

    public boolean isAvailable() {
        return available;
    }

    public Reading read() {
        return available
                ? new Reading(System.nanoTime(), busyTicks(), ownTicks())
                : new Reading(System.nanoTime(), 0, 0);
    }

    public boolean disturbedSince(Reading before) {
        Reading now = read();
        double seconds = (now.nanos - before.nanos) / 1e9;
        return foreignSeconds(before, now) > TOLERATED_CORES * seconds + BLUR_SECONDS;
    }

    public static double foreignSeconds(Reading before, Reading after) {
        double busy = after.busyTicks - before.busyTicks;
        double own = after.ownTicks - before.ownTicks;
        return (busy - own) / TICKS_PER_SECOND;
    }

    private double busyTicks() {
        List<Integer> allowed = allowedCores();
        double ticks = 0;
        for (String line : lines("stat")) {
            String[] fields = BLANKS.split(line);
            if (fields[0].matches("cpu\\d+") && allowed.contains(Integer.parseInt(fields[0].substring(3)))) {
                // user, nice, system, (idle, iowait), irq, softirq, steal
                ticks += number(fields, 1) + number(fields, 2) + number(fields, 3);
                ticks += number(fields, 6) + number(fields, 7) + number(fields, 8);
            }
        }
        return ticks;
    }

    private List<Integer> allowedCores() {
        String list = lines("self/status").stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
        List<Integer> cores = new ArrayList<>();
        Matcher range = CORE_RANGE.matcher(list);
        while (range.find()) {
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            IntStream.rangeClosed(first, last).forEach(cores::add);
        }
        return cores;
    }

    private double ownTicks() {
        try (Stream<ProcessHandle> children = ProcessHandle.current().descendants()) {
            return ticks("self")
                    + children.mapToDouble(child -> ticks(Long.toString(child.pid())))
                            .sum();
        }
    }

    /** Of a process and of its children that have ended; 0 if it is gone. */
    private double ticks(String process) {
        List<String> lines = lines(process + "/stat");
        if (lines.isEmpty()) {
            return 0;
        }
        String line = lines.get(0);
        // The name, in brackets, may hold blanks. After it, fields count from 3: utime is 14, then stime, cutime,
        // cstime.
        String[] fields = BLANKS.split(line.substring(line.lastIndexOf(')') + 2));
        return number(fields, 11) + number(fields, 12) + number(fields, 13) + number(fields, 14);
    }

    private static double number(String[] fields, int index) {
        return index < fields.length ? Double.parseDouble(fields[index]) : 0;
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(proc.resolve(file));
        } catch (IOException e) {
            return List.of(); // a process that ended meanwhile
        }
    }
}
