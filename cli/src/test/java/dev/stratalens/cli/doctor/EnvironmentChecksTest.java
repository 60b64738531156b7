package dev.stratalens.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.doctor.Finding.Level;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentChecksTest {

    @Test
    void whatTheLauncherSetsIsInOrder() {
        Map<String, String> environment = Map.of(
                "OMP_WAIT_POLICY",
                "PASSIVE",
                "GOMP_SPINCOUNT",
                "3000",
                "MALLOC_MMAP_THRESHOLD_",
                "16777216",
                "MALLOC_TRIM_THRESHOLD_",
                "67108864");
        assertEquals(
                List.of(Level.OK, Level.OK, Level.OK, Level.OK, Level.OK),
                levels(new EnvironmentChecks(environment, "UTF-8").run()));
    }

    @Test
    void whatIsMissingIsNamedWithItsRemedy() {
        List<Finding> findings = new EnvironmentChecks(Map.of(), "UTF-8").run();
        assertEquals(List.of(Level.OK, Level.NOTE, Level.NOTE, Level.NOTE, Level.NOTE), levels(findings));
        assertTrue(findings.get(3).remedy().contains("MALLOC_MMAP_THRESHOLD_=16777216"));
    }

    @Test
    void anAsciiLocaleIsAProblem() {
        Finding locale = new EnvironmentChecks(Map.of(), "ANSI_X3.4-1968").run().get(0);
        assertEquals(Level.PROBLEM, locale.level());
        assertTrue(locale.remedy().contains("LC_ALL=C.UTF-8"));
    }

    private static List<Level> levels(List<Finding> findings) {
        return findings.stream().map(Finding::level).toList();
    }
}
