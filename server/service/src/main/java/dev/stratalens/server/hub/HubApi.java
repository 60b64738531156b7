package dev.stratalens.server.hub;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.stratalens.server.error.ModelSourceException;
import dev.stratalens.server.error.ModelSourceException.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the hub says about a repository. Thread-safe. */
final class HubApi {

    private static final int MAXIMUM_LISTING_BYTES = 64 << 20;
    /** Below ten petabytes: sums of sizes stay numbers. */
    private static final Pattern SIZE = Pattern.compile("\\d{1,16}");

    private final HubSettings settings;
    private final HubHttp http;

    HubApi(HubSettings settings, RetryPolicy retries) {
        this.settings = settings;
        this.http = new HubHttp(settings, retries);
    }

    /**
     * A repository at one commit.
     *
     * @param files names with their folders
     */
    record Listing(String commit, Set<String> files) {}

    /**
     * A file at one commit.
     *
     * @param size in bytes
     */
    record RemoteFile(String name, URI uri, ContentHash hash, long size) {}

    /** @throws ModelSourceException if the repository or the revision is not available */
    Listing list(HubModel model) throws InterruptedException {
        URI uri = uri("/api/%s/%s/revision/%s"
                .formatted(
                        model.kind().plural(),
                        model.repository(),
                        model.revision().replace("/", "%2F")));
        HttpResponse<InputStream> response = http.get(uri, 0);
        requireSuccess(model, "", response);
        try (InputStream body = response.body()) {
            Optional<Listing> listing = listing(model, body.readNBytes(MAXIMUM_LISTING_BYTES));
            if (listing.isPresent()) {
                return listing.get();
            }
        } catch (IOException cutOff) {
            throw notAHub("%s broke off its answer. Try again.".formatted(uri.getHost()));
        }
        throw notAHub("%s does not answer as a hub does. Check HF_ENDPOINT.".formatted(uri.getHost()));
    }

    /** What an answer lists; empty if no hub answers so. */
    static Optional<Listing> listing(HubModel model, byte[] answer) {
        JsonElement root;
        try {
            root = JsonParser.parseString(new String(answer, StandardCharsets.UTF_8));
        } catch (JsonParseException noJson) {
            return Optional.empty();
        }
        if (!(root instanceof JsonObject object)
                || !(object.get("sha") instanceof JsonPrimitive commit)
                || !(object.get("siblings") instanceof JsonArray siblings)) {
            return Optional.empty();
        }
        Set<String> files = new LinkedHashSet<>();
        for (JsonElement sibling : siblings) {
            if (!(sibling instanceof JsonObject file) || !(file.get("rfilename") instanceof JsonPrimitive name)) {
                return Optional.empty();
            }
            files.add(name.getAsString());
        }
        return HubModel.parse("%s%s@%s".formatted(HubModel.SCHEME, model.repository(), commit.getAsString()))
                .filter(HubModel::isPinned)
                .map(pinned -> new Listing(pinned.revision(), files));
    }

    /** @throws ModelSourceException if the file is not available, or the hub does not say what it should contain */
    RemoteFile describe(HubModel model, String commit, String name) throws InterruptedException {
        URI uri = uri("/%s%s/resolve/%s/%s".formatted(model.kind().path(), model.repository(), commit, name));
        HttpResponse<InputStream> response = http.head(uri);
        HubHttp.discard(response);
        if (response.statusCode() >= 400) {
            throw HubRefusal.of(settings, model, name, response);
        }
        HttpHeaders headers = response.headers();
        Optional<ContentHash> hash = headers.firstValue("X-Linked-Etag")
                .or(() -> headers.firstValue("ETag"))
                .flatMap(ContentHash::ofEtag);
        Optional<Long> size = headers.firstValue("X-Linked-Size")
                .or(() -> headers.firstValue("Content-Length"))
                .filter(SIZE.asMatchPredicate())
                .map(Long::valueOf);
        if (hash.isEmpty() || size.isEmpty()) {
            throw notAHub("%s does not say the %s of %s, so that a download could not be verified. Check HF_ENDPOINT."
                    .formatted(uri.getHost(), hash.isEmpty() ? "hash" : "size", name));
        }
        return new RemoteFile(name, uri, hash.get(), size.get());
    }

    /** The file's content from a byte on: status 200 (all of it), 206 or 416; the caller closes the body. */
    HttpResponse<InputStream> open(HubModel model, RemoteFile file, long from) throws InterruptedException {
        HttpResponse<InputStream> response = http.get(file.uri(), from);
        if (response.statusCode() != 416) {
            requireSuccess(model, file.name(), response);
        }
        return response;
    }

    private void requireSuccess(HubModel model, String file, HttpResponse<InputStream> response) {
        if (response.statusCode() / 100 != 2) {
            HubHttp.discard(response);
            throw HubRefusal.of(settings, model, file, response);
        }
    }

    private URI uri(String path) {
        return URI.create(settings.endpoint() + path);
    }

    private static ModelSourceException notAHub(String message) {
        return new ModelSourceException(Problem.UNREACHABLE, message);
    }
}
