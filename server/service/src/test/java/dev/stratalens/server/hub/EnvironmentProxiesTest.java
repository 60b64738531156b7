package dev.stratalens.server.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentProxiesTest {

    private static final URI HUB = URI.create("https://hub.example/x");

    @Test
    void theSchemeChoosesTheVariable() {
        Map<String, String> environment = Map.of("HTTPS_PROXY", "http://secure:3128", "http_proxy", "plain:8080");

        assertEquals(proxy("secure", 3128), select(environment, HUB));
        assertEquals(proxy("plain", 8080), select(environment, URI.create("http://hub.example/x")));
        assertEquals(proxy("any", 80), select(Map.of("ALL_PROXY", "any"), HUB));
    }

    @Test
    void exemptHostsAreReachedDirectly() {
        for (String exempt : List.of("hub.example", ".example", "*.example", "other, hub.example", "*")) {
            assertEquals(
                    List.of(Proxy.NO_PROXY),
                    select(Map.of("HTTPS_PROXY", "secure:3128", "NO_PROXY", exempt), HUB),
                    exempt);
        }
        assertEquals(
                proxy("secure", 3128),
                select(Map.of("HTTPS_PROXY", "secure:3128", "NO_PROXY", "example.org,ample"), HUB));
    }

    @Test
    void javaIsAskedWhereTheEnvironmentIsSilent() {
        ProxySelector java = ProxySelector.of(InetSocketAddress.createUnresolved("java", 1));
        assertEquals(
                Proxy.Type.HTTP,
                new EnvironmentProxies(Map.of(), java).select(HUB).get(0).type());
        assertEquals(List.of(Proxy.NO_PROXY), select(Map.of(), HUB));
    }

    /** The hub's own server stands in as the proxy: it sees the request for a host that does not exist. */
    @Test
    void aDownloadGoesThroughTheProxy(@TempDir Path cache) throws IOException {
        try (FakeHub hub = new FakeHub().withModel(new byte[10])) {
            String proxy = hub.settings(cache).endpoint().getAuthority();
            HubSettings settings = new HubSettings(
                    cache,
                    URI.create("http://hub.invalid"),
                    Optional.empty(),
                    false,
                    new EnvironmentProxies(Map.of("HTTP_PROXY", proxy, "NO_PROXY", "localhost"), null));

            FakeHub.impatient(settings).pull(FakeHub.MODEL, progress -> {});
            assertEquals(1, hub.count("GET", "/model.safetensors"));
        }
    }

    private static List<Proxy> select(Map<String, String> environment, URI target) {
        return new EnvironmentProxies(environment, null).select(target);
    }

    private static List<Proxy> proxy(String host, int port) {
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)));
    }
}
