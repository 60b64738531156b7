package dev.stratalens.cli.doctor;

import java.util.List;

/** The Java runtime. */
final class JavaChecks {

    private JavaChecks() {}

    static List<Finding> run() {
        return List.of(version(), vectorModule());
    }

    private static Finding version() {
        return Finding.ok(
                "Java",
                "%s, %s, heap up to %d MiB"
                        .formatted(
                                System.getProperty("java.version"),
                                System.getProperty("java.vendor"),
                                Runtime.getRuntime().maxMemory() >> 20));
    }

    private static Finding vectorModule() {
        String subject = "vector module";
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? Finding.ok(subject, "jdk.incubator.vector is there")
                : Finding.note(
                        subject,
                        "jdk.incubator.vector is not there; statistics are computed in plain Java, slower",
                        "Start through the launcher, or add --add-modules jdk.incubator.vector.");
    }
}
