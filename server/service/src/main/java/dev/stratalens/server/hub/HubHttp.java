package dev.stratalens.server.hub;

import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/** Requests to the hub: who may see the token, which redirects are followed, what is tried again. Thread-safe. */
final class HubHttp {

    private static final int MAXIMUM_REDIRECTS = 5;
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(20);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> PASSING = Set.of(408, TOO_MANY_REQUESTS, 500, 502, 503, 504);
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HubSettings settings;
    private final RetryPolicy retries;
    private final HttpClient client;

    HubHttp(HubSettings settings, RetryPolicy retries) {
        this.settings = settings;
        this.retries = retries;
        this.client = HttpClient.newBuilder()
                // Many windows of flow control make one long body slow.
                .version(HttpClient.Version.HTTP_1_1)
                // By hand: the token must stay behind where the host changes.
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_PATIENCE)
                .proxy(settings.proxies())
                .build();
    }

    /**
     * The headers of a file. A redirect to another host is the answer: it carries the file's hash and size.
     *
     * @throws ModelSourceException if the hub cannot be reached or is busy for too long
     */
    HttpResponse<InputStream> head(URI uri) throws InterruptedException {
        return send("HEAD", uri, OptionalLong.empty());
    }

    /**
     * A body, from a byte on if that is not 0; the caller closes it. One that stalls breaks off.
     *
     * @throws ModelSourceException if the hub cannot be reached or is busy for too long
     */
    HttpResponse<InputStream> get(URI uri, long from) throws InterruptedException {
        return send("GET", uri, from == 0 ? OptionalLong.empty() : OptionalLong.of(from));
    }

    private HttpResponse<InputStream> send(String method, URI uri, OptionalLong from) throws InterruptedException {
        URI at = uri;
        for (int redirect = 0; redirect <= MAXIMUM_REDIRECTS; redirect++) {
            HttpResponse<InputStream> response = exchange(request(method, at, from));
            String location = response.headers().firstValue("Location").orElse("");
            if (!REDIRECTS.contains(response.statusCode()) || location.isEmpty()) {
                return response;
            }
            URI next = at.resolve(location);
            if (method.equals("HEAD") && !haveSameOrigin(at, next)) {
                return response;
            }
            discard(response);
            if (at.getScheme().equals("https") && !"https".equals(next.getScheme())) {
                throw new ModelSourceException(
                        Problem.UNREACHABLE,
                        "%s redirects from https to plain http, which is not followed.".formatted(at.getHost()));
            }
            at = next;
        }
        throw new ModelSourceException(
                Problem.UNREACHABLE, "%s redirects more than %d times.".formatted(uri.getHost(), MAXIMUM_REDIRECTS));
    }

    private HttpRequest request(String method, URI uri, OptionalLong from) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.noBody())
                .timeout(retries.stall())
                .header("User-Agent", "stratalens")
                // Compressed answers have neither the length nor the ranges of the file.
                .header("Accept-Encoding", "identity");
        from.ifPresent(first -> request.header("Range", "bytes=%d-".formatted(first)));
        if (haveSameOrigin(uri, settings.endpoint())) {
            settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        return request.build();
    }

    private HttpResponse<InputStream> exchange(HttpRequest request) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Duration wait = retries.waitAfter(attempt);
            try {
                HttpResponse<InputStream> response = client.send(request, guarded());
                if (!PASSING.contains(response.statusCode())) {
                    return response;
                }
                discard(response);
                Duration asked = RetryAfter.of(response.headers());
                if (attempt == retries.attempts() || asked.compareTo(retries.longestWait()) > 0) {
                    throw busy(request.uri(), response.statusCode(), attempt, asked);
                }
                wait = asked.compareTo(wait) > 0 ? asked : wait;
            } catch (IOException failure) {
                if (attempt == retries.attempts()) {
                    throw unreachable(request.uri(), failure);
                }
            }
            Thread.sleep(wait.toMillis());
        }
    }

    private BodyHandler<InputStream> guarded() {
        return head ->
                BodySubscribers.mapping(BodySubscribers.ofInputStream(), body -> new StallGuard(body, retries.stall()));
    }

    private ModelSourceException busy(URI uri, int status, int attempts, Duration asked) {
        if (status == TOO_MANY_REQUESTS) {
            return new ModelSourceException(
                    Problem.UNREACHABLE,
                    "%s answers that this address asks too often (HTTP 429, %d attempts). Try again %s%s."
                            .formatted(
                                    uri.getHost(),
                                    attempts,
                                    asked.isZero() ? "later" : "in %,d seconds".formatted(asked.toSeconds()),
                                    settings.token().isPresent()
                                            ? ""
                                            : "; with a token (HF_TOKEN) the limits are higher"));
        }
        return new ModelSourceException(
                Problem.UNREACHABLE,
                "%s has a fault (HTTP %d, %d attempts). Try again later; what came so far is kept."
                        .formatted(uri.getHost(), status, attempts));
    }

    private static ModelSourceException unreachable(URI uri, IOException failure) {
        String reason = Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
        return new ModelSourceException(
                Problem.UNREACHABLE,
                ("%s cannot be reached (%s). Check the network, HTTPS_PROXY and HF_ENDPOINT; HF_HUB_OFFLINE=1 uses only"
                                + " what is in the cache.")
                        .formatted(uri.getHost(), reason));
    }

    static void discard(HttpResponse<InputStream> response) {
        try {
            response.body().close();
        } catch (IOException alreadyBroken) {
            // The rest is not needed.
        }
    }

    private static boolean haveSameOrigin(URI one, URI other) {
        return Objects.equals(one.getScheme(), other.getScheme())
                && Objects.equals(one.getHost(), other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        int byScheme = "https".equals(uri.getScheme()) ? 443 : 80;
        return uri.getPort() < 0 ? byScheme : uri.getPort();
    }
}
