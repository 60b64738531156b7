package dev.stratalens.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.fake.Pause;
import dev.stratalens.server.config.OperatorConfig;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class AdminPortTest {

    @Test
    void metricsTellWhatTheServerDidAndHolds() throws Exception {
        try (OperatedServer server = OperatedServer.withAdminPort()) {
            server.analyze("x y");
            server.beRefused();

            String metrics = server.awaitMetrics("stratalens_tokens_total", "stratalens_refusals_total");

            assertLine(metrics, "stratalens_requests_total\\{code=\"OK\",model=\"fake\".*rpc=\"Analyze\"\\} 1.0");
            assertLine(metrics, "stratalens_refusals_total\\{model=\"\".*reason=\"UNKNOWN_MODEL\"\\} 1.0");
            assertLine(metrics, "stratalens_tokens_total\\{model=\"fake\".*\\} [1-9].*");
            assertLine(metrics, "stratalens_cells_total\\{model=\"fake\".*\\} [1-9].*");
            assertLine(metrics, "stratalens_phase_duration_seconds_count\\{model=\"fake\".*phase=\"queue\"\\} 1");
            assertLine(metrics, "stratalens_queue_waiting\\{model=\"fake\".*\\} 0.0");
            assertLine(metrics, "stratalens_passes_total\\{model=\"fake\".*\\} 1.0");
            assertLine(metrics, "stratalens_pass_requests_total\\{model=\"fake\".*\\} 1.0");
            assertLine(metrics, "stratalens_model_state\\{model=\"fake\".*state=\"ready\"\\} 1.0");
            assertLine(metrics, "stratalens_model_state\\{model=\"fake\".*state=\"failed\"\\} 0.0");
            assertLine(metrics, "stratalens_model_memory_bytes\\{device=\"cpu\",model=\"fake\".*");
            assertLine(metrics, "stratalens_model_tensors\\{model=\"fake\".*\\} 7.0");
            assertLine(metrics, "stratalens_outbound_waiting_bytes.* 0.0");
            assertLine(metrics, "jvm_memory_used_bytes\\{jvm_memory_type=\"heap\".*");
            assertLine(metrics, "grpc_server_call_started_total\\{grpc_method=\"stratalens.v1.LensService/Analyze\".*");
            assertLine(metrics, "grpc_server_call_duration_seconds_count\\{.*grpc_status=\"OK\".*");
        }
    }

    @Test
    void noLabelNamesACaller() throws Exception {
        try (OperatedServer server = OperatedServer.withAdminPort()) {
            server.analyze("x");

            assertTrue(!server.awaitMetrics("stratalens_requests_total").contains("anonymous"));
        }
    }

    @Test
    void readinessFollowsTheModelsAndLivenessDoesNot() throws Exception {
        LensServer server = LensServer.builder(List.of("none"), (model, listener) -> {
                    throw new IllegalStateException("broken");
                })
                .operator(OperatedServer.ADMIN_PORT)
                .build();
        server.start();
        var http = HttpClient.newHttpClient();
        String address = "http://127.0.0.1:" + server.adminPort().orElseThrow();

        assertEquals(200, status(http, address + "/livez"));
        assertEquals(503, status(http, address + "/readyz"));
        server.stop();

        try (OperatedServer good = OperatedServer.withAdminPort()) {
            good.analyze("x");
            assertEquals(200, good.get("/readyz").statusCode());
            assertEquals(200, good.get("/livez").statusCode());
        }
    }

    @Test
    void aDrainLetsRunningCallsFinishWhileTheProbesSayNotReadyButAlive() throws Exception {
        try (OperatedServer server = OperatedServer.withAdminPort()) {
            server.analyze("x");
            Pause pause = server.engine().pauseRuns();
            CountDownLatch answered = new CountDownLatch(1);
            Thread caller = new Thread(() -> {
                server.analyze("y");
                answered.countDown();
            });
            caller.start();
            pause.awaitReached();

            HttpResponse<String> drain = server.post("/drain?deadline=50s");

            assertEquals(202, drain.statusCode());
            assertEquals("Running calls have 50 s to finish.\n", drain.body());
            while (server.get("/readyz").statusCode() == 200) {
                Thread.onSpinWait();
            }
            assertEquals(200, server.get("/livez").statusCode());
            assertEquals(409, server.post("/drain").statusCode());
            pause.resume();
            assertTrue(answered.await(20, TimeUnit.SECONDS));
            server.server().awaitTermination();
        }
    }

    @Test
    void whatIsNoQuestionOfAnOperatorIsRefused() throws Exception {
        try (OperatedServer server = OperatedServer.withAdminPort()) {
            assertEquals(405, server.get("/drain").statusCode());
            assertEquals(400, server.post("/drain?deadline=soon").statusCode());
            assertEquals(404, server.get("/metrics/x").statusCode());
            assertEquals(
                    403,
                    server.send(HttpRequest.newBuilder(server.admin("/drain"))
                                    .header("Origin", "http://example.com")
                                    .POST(HttpRequest.BodyPublishers.noBody()))
                            .statusCode());
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            OperatorConfig config = OperatedServer.withAdminPort(taken.getLocalPort());

            BindException refusal = assertThrows(BindException.class, () -> OperatedServer.start(config));

            assertTrue(String.valueOf(refusal.getMessage()).startsWith("admin-port: "), refusal.toString());
        }
    }

    private static int status(HttpClient http, String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void assertLine(String metrics, String pattern) {
        assertTrue(metrics.lines().anyMatch(line -> line.matches(pattern)), () -> pattern + " in\n" + metrics);
    }
}
