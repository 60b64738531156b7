package dev.stratalens.cli.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.client.LensClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in. No request here gets as far as a server. */
@Timeout(60)
class AccessGateTest {

    private final LensClient nobody = LensClient.inProcess("nobody");
    private Explorer explorer;

    @BeforeEach
    void start() throws IOException {
        explorer = Explorer.start(nobody, new Opening("", Optional.empty()), Optional.empty(), 0);
    }

    @AfterEach
    void stop() {
        explorer.close();
        nobody.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/models", "/wrong/", "/wrong/models", "/..%2f/"})
    void aRequestWithoutTheTokenIsRefused(String path) throws Exception {
        HttpResponse<String> answer = get(explorer.address().resolve(path));
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("the one that the terminal shows"), answer.body());
    }

    @Test
    void theTokenHas128BitsAndIsNewForEveryExplorer() throws IOException {
        assertEquals(22, explorer.address().getPath().length() - 2);
        try (Explorer other = Explorer.start(nobody, new Opening("", Optional.empty()), Optional.empty(), 0)) {
            assertNotEquals(explorer.address().getPath(), other.address().getPath());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:PORT, 200",
        "localhost:PORT, 200",
        "localhost:8080, 200",
        "evil.example:PORT, 403",
        "localhost.evil.example, 403",
        "'', 403"
    })
    void onlyTheNamesOfLoopbackAreAnswered(String host, int status) throws IOException {
        URI page = explorer.address();
        try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), page.getPort())) {
            String request = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                    .formatted(page.getPath(), host.replace("PORT", Integer.toString(page.getPort())));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertTrue(answer.readLine().startsWith("HTTP/1.1 " + status));
        }
    }

    @Test
    void aTicketLeadsToThePageOnce() throws Exception {
        URI ticket = explorer.ticket();
        HttpResponse<String> first = get(ticket);
        assertEquals(303, first.statusCode());
        assertEquals(
                explorer.address().getPath(),
                first.headers().firstValue("Location").orElseThrow());
        assertEquals(403, get(ticket).statusCode());
    }

    @Test
    void thePageMayLoadNothingButItsOwnFiles() throws Exception {
        HttpResponse<String> page = get(explorer.address());
        assertEquals(200, page.statusCode());
        assertTrue(header(page, "Content-Security-Policy").startsWith("default-src 'none'; script-src 'self';"));
        assertEquals("nosniff", header(page, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(page, "Referrer-Policy"));
        for (String file : new String[] {"explorer.js", "explorer.css"}) {
            assertEquals(200, get(explorer.address().resolve(file)).statusCode(), file);
        }
        assertEquals(404, get(explorer.address().resolve("Explorer.class")).statusCode());
    }

    @Test
    void aBodyThatIsTooLargeOrNoJsonIsRefused() throws Exception {
        Tab tab = Tab.of(explorer);
        assertEquals(413, tab.post("runs", " ".repeat(RequestBody.LIMIT + 1)).statusCode());
        assertEquals(400, tab.post("tokenize", "").statusCode());
        assertEquals(400, tab.post("tokenize", "[1]").statusCode());
        HttpResponse<String> broken = tab.post("tokenize", "{x");
        assertEquals(400, broken.statusCode());
        assertTrue(broken.body().contains("not the JSON that is expected here at line 1 column "), broken.body());
        assertFalse(broken.body().contains("gson"), broken.body());
        assertEquals(404, tab.post("elsewhere", "{}").statusCode());
        HttpRequest form = HttpRequest.newBuilder(explorer.address().resolve("runs"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .header("Content-Type", "text/plain")
                .build();
        assertEquals(415, tab.http().send(form, BodyHandlers.ofString()).statusCode());
        HttpRequest put = HttpRequest.newBuilder(explorer.address())
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        assertEquals(405, tab.http().send(put, BodyHandlers.ofString()).statusCode());
    }

    @Test
    void aServerThatIsGoneIsSaid() throws Exception {
        HttpResponse<String> answer = get(explorer.address().resolve("models"));
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("\"code\":\"UNAVAILABLE\""), answer.body());
    }

    private static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        HttpClient http =
                HttpClient.newBuilder().followRedirects(Redirect.NEVER).build();
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
