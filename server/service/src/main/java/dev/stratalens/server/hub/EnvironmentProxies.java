package dev.stratalens.server.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The proxies that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name, which Java by itself does not read. */
final class EnvironmentProxies extends ProxySelector {

    private final Map<String, String> environment;
    private final @Nullable ProxySelector fallback;

    /** @param fallback asked where the environment says nothing; null for no proxy */
    EnvironmentProxies(Map<String, String> environment, @Nullable ProxySelector fallback) {
        this.environment = environment;
        this.fallback = fallback;
    }

    @Override
    public List<Proxy> select(URI target) {
        if (isExempt(target.getHost())) {
            return List.of(Proxy.NO_PROXY);
        }
        return value(target.getScheme() + "_proxy")
                .or(() -> value("all_proxy"))
                .map(proxy -> List.of(new Proxy(Proxy.Type.HTTP, address(proxy))))
                .orElseGet(() -> fallback == null ? List.of(Proxy.NO_PROXY) : fallback.select(target));
    }

    @Override
    public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
        // The request fails with the same exception and tells it.
    }

    private boolean isExempt(String host) {
        return value("no_proxy").stream()
                .flatMap(list -> Stream.of(list.split("[,\\s]+")))
                .map(entry -> entry.replaceFirst("^\\*?\\.", ""))
                .anyMatch(entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
    }

    private Optional<String> value(String variable) {
        return Stream.of(variable, variable.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(text -> text != null && !text.isBlank())
                .findFirst();
    }

    private static InetSocketAddress address(String proxy) {
        URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("The proxy \"%s\" is not HOST:PORT.".formatted(proxy));
        }
        return InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    }
}
