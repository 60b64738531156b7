package dev.stratalens.server.access.proof;

import dev.stratalens.server.access.Principal;
import dev.stratalens.server.access.Principal.Proof;
import dev.stratalens.server.error.UnauthenticatedException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The API keys of a file, by id. Immutable. */
public final class ApiKeys {

    /** No key. */
    public static final ApiKeys NONE = new ApiKeys(Map.of());

    private final Map<String, ApiKey> byId;

    private ApiKeys(Map<String, ApiKey> byId) {
        this.byId = Collections.unmodifiableMap(byId);
    }

    /** All, in order of their making. */
    public List<ApiKey> all() {
        return List.copyOf(byId.values());
    }

    public Optional<ApiKey> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** These and another one, in place of the one with its id. */
    public ApiKeys with(ApiKey key) {
        Map<String, ApiKey> more = new LinkedHashMap<>(byId);
        more.put(key.id(), key);
        return new ApiKeys(more);
    }

    public ApiKeys without(String id) {
        Map<String, ApiKey> fewer = new LinkedHashMap<>(byId);
        fewer.remove(id);
        return new ApiKeys(fewer);
    }

    /**
     * Whose key it is.
     *
     * @throws UnauthenticatedException if it is none, is not in the file, or has expired
     */
    public Principal principal(String text, Instant now) {
        ApiKeyText given = ApiKeyText.parse(text).orElseThrow(UnauthenticatedException::malformedKey);
        // The time shows whether an id exists, which is no secret.
        ApiKey key =
                find(given.id()).filter(kept -> kept.matches(given)).orElseThrow(UnauthenticatedException::unknownKey);
        if (key.hasExpired(now)) {
            throw UnauthenticatedException.expiredKey(key.id());
        }
        return new Principal(key.principal(), Proof.API_KEY);
    }
}
