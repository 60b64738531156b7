package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dashboard and the alerts ask for metrics that a server exports. */
@Timeout(60)
final class WatchedNamesTest {

    private static final Path DEPLOY = Path.of("../../deploy");
    private static final Pattern NAME = Pattern.compile("\\b(stratalens|grpc_server|jvm|process)_[a-z_]+(?=[\\[{) ])");

    @Test
    void everyMetricThatIsAskedForIsExported() throws Exception {
        Set<String> names = new TreeSet<>(names("alerts.yaml"));
        assertEquals(4, names.size(), names::toString);
        names.addAll(names("grafana-dashboard.json"));
        assertTrue(names.size() > 15, names::toString);

        try (OperatedServer server = OperatedServer.withAdminPort()) {
            server.analyze("x");
            server.beRefused();
            server.awaitMetrics("stratalens_tokens_total", "stratalens_refusals_total")
                    .lines()
                    .map(line -> line.replaceFirst("[{ ].*", ""))
                    .forEach(names::remove);
        }

        // Without a budget there is no metric of it.
        assertEquals(Set.of("stratalens_memory_budget_bytes"), names);
    }

    @Test
    void theDashboardIsJson() throws Exception {
        assertTrue(JsonParser.parseString(Files.readString(DEPLOY.resolve("grafana-dashboard.json")))
                .getAsJsonObject()
                .has("panels"));
    }

    private static Set<String> names(String file) throws Exception {
        return NAME.matcher(Files.readString(DEPLOY.resolve(file)))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toSet());
    }
}
