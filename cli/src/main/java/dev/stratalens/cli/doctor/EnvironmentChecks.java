package dev.stratalens.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What must stand in the environment before the JVM starts; the launcher, the service unit and the container set it. */
final class EnvironmentChecks {

    private static final String REMEDY = "Start through the launcher, or set it before Java starts.";

    private final Map<String, String> environment;
    private final String platformEncoding;

    /** @param platformEncoding how Java reads arguments and file names: the property {@code sun.jnu.encoding} */
    EnvironmentChecks(Map<String, String> environment, String platformEncoding) {
        this.environment = environment;
        this.platformEncoding = platformEncoding;
    }

    List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(locale());
        boolean passive = environment.getOrDefault("OMP_WAIT_POLICY", "").equalsIgnoreCase("passive");
        findings.add(
                passive
                        ? Finding.ok("OMP_WAIT_POLICY", "PASSIVE")
                        : Finding.note(
                                "OMP_WAIT_POLICY", "not PASSIVE: waiting threads take the cores from others", REMEDY));
        findings.add(tuned("GOMP_SPINCOUNT", "3000", "short prompts take up to twice as long"));
        findings.add(tuned("MALLOC_MMAP_THRESHOLD_", "16777216", "freed memory may stay with the process"));
        findings.add(tuned("MALLOC_TRIM_THRESHOLD_", "67108864", "freed memory may stay with the process"));
        return findings;
    }

    private Finding tuned(String name, String usual, String otherwise) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty()
                ? Finding.note(name, "not set: " + otherwise, "%s=%s. %s".formatted(name, usual, REMEDY))
                : Finding.ok(name, value);
    }

    private Finding locale() {
        String subject = "locale";
        return platformEncoding.toUpperCase(Locale.ROOT).startsWith("UTF")
                ? Finding.ok(subject, platformEncoding)
                : Finding.problem(
                        subject,
                        "%s: arguments with other characters are lost".formatted(platformEncoding),
                        "Set LC_ALL=C.UTF-8, or start through the launcher.");
    }
}
