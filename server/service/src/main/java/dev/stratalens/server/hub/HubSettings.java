package dev.stratalens.server.hub;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the hub and the user's cache are.
 *
 * @param cache holds a folder for each repository
 * @param endpoint the hub, without a slash at the end
 * @param token proves who asks; sent to the endpoint only
 * @param offline whether only the cache may be looked at
 * @param proxies the way to the hub
 */
public record HubSettings(Path cache, URI endpoint, Optional<String> token, boolean offline, ProxySelector proxies) {

    private static final String HUB = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /**
     * What the environment says, in the variables that Hugging Face's own tools read.
     *
     * @param environment every variable of the process
     * @param home the user's directory
     * @throws IllegalArgumentException if HF_ENDPOINT is no http or https address
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        Path cacheHome = path(environment, home, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        Path hubHome = path(environment, home, "HF_HOME").orElse(cacheHome.resolve("huggingface"));
        Path cache = path(environment, home, "HF_HUB_CACHE")
                .or(() -> path(environment, home, "HUGGINGFACE_HUB_CACHE"))
                .orElse(hubHome.resolve("hub"));
        Path tokenFile = path(environment, home, "HF_TOKEN_PATH").orElse(hubHome.resolve("token"));
        return new HubSettings(
                cache.toAbsolutePath().normalize(),
                endpoint(value(environment, "HF_ENDPOINT").orElse(HUB)),
                value(environment, "HF_TOKEN")
                        .or(() -> value(environment, "HUGGING_FACE_HUB_TOKEN"))
                        .or(() -> firstLine(tokenFile)),
                isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE"),
                new EnvironmentProxies(environment, ProxySelector.getDefault()));
    }

    /** Does not show the token. */
    @Override
    public String toString() {
        return "HubSettings[cache=%s, endpoint=%s, token=%s, offline=%s]"
                .formatted(cache, endpoint, token.isPresent() ? "given" : "none", offline);
    }

    private static URI endpoint(String text) {
        try {
            URI endpoint = new URI(text.replaceFirst("/+$", ""));
            if (endpoint.getHost() != null && Set.of("http", "https").contains(endpoint.getScheme())) {
                return endpoint;
            }
        } catch (URISyntaxException malformed) {
            // Refused below.
        }
        throw new IllegalArgumentException("HF_ENDPOINT: \"%s\" is not an address such as %s.".formatted(text, HUB));
    }

    private static Optional<Path> path(Map<String, String> environment, Path home, String variable) {
        return value(environment, variable)
                .map(text -> text.equals("~") || text.startsWith("~/")
                        ? home.resolve(text.substring(Math.min(2, text.length())))
                        : Path.of(text));
    }

    private static Optional<String> value(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static boolean isTrue(Map<String, String> environment, String variable) {
        return value(environment, variable)
                .filter(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)))
                .isPresent();
    }

    private static Optional<String> firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().map(String::strip).filter(text -> !text.isEmpty());
        } catch (IOException absent) {
            // Most people have no token, and need none.
            return Optional.empty();
        }
    }
}
