package dev.stratalens.server.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The variables of Hugging Face's own tools, with their precedence. */
class HubSettingsTest {

    @TempDir
    Path home;

    @Test
    void withoutVariablesEverythingIsWhereTheToolsPutIt() throws IOException {
        Files.createDirectories(home.resolve(".cache/huggingface"));
        Files.writeString(home.resolve(".cache/huggingface/token"), "hf_file\n");
        HubSettings settings = settings(Map.of());

        assertEquals(home.resolve(".cache/huggingface/hub"), settings.cache());
        assertEquals(URI.create("https://huggingface.co"), settings.endpoint());
        assertEquals(Optional.of("hf_file"), settings.token());
        assertFalse(settings.offline());
    }

    @Test
    void theMostParticularVariableNamesTheCache() {
        assertEquals(
                Path.of("/x/huggingface/hub"),
                settings(Map.of("XDG_CACHE_HOME", "/x")).cache());
        assertEquals(
                Path.of("/h/hub"),
                settings(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h")).cache());
        assertEquals(
                Path.of("/old"),
                settings(Map.of("HF_HOME", "/h", "HUGGINGFACE_HUB_CACHE", "/old"))
                        .cache());
        assertEquals(
                Path.of("/new"),
                settings(Map.of("HUGGINGFACE_HUB_CACHE", "/old", "HF_HUB_CACHE", "/new"))
                        .cache());
        assertEquals(
                home.resolve("models/hub"),
                settings(Map.of("HF_HOME", "~/models")).cache());
    }

    @Test
    void theTokenOfTheEnvironmentGoesBeforeTheFileAndIsNeverShown() throws IOException {
        Files.writeString(home.resolve("token"), "hf_file");
        Map<String, String> withFile =
                Map.of("HF_TOKEN_PATH", home.resolve("token").toString());
        Map<String, String> withBoth =
                Map.of("HF_TOKEN_PATH", home.resolve("token").toString(), "HF_TOKEN", " hf_variable ");

        assertEquals(Optional.of("hf_file"), settings(withFile).token());
        assertEquals(Optional.of("hf_variable"), settings(withBoth).token());
        assertFalse(
                settings(withBoth).toString().contains("hf_"),
                settings(withBoth).toString());
        assertEquals(Optional.empty(), settings(Map.of()).token());
    }

    @Test
    void offlineIsSaidInTheWaysThatTheToolsUnderstand() {
        assertTrue(settings(Map.of("HF_HUB_OFFLINE", "1")).offline());
        assertTrue(settings(Map.of("TRANSFORMERS_OFFLINE", "yes")).offline());
        assertFalse(settings(Map.of("HF_HUB_OFFLINE", "0")).offline());
    }

    @Test
    void theEndpointIsAnAddressWithoutItsLastSlash() {
        assertEquals(
                URI.create("http://mirror:8080/hf"),
                settings(Map.of("HF_ENDPOINT", "http://mirror:8080/hf/")).endpoint());
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> settings(Map.of("HF_ENDPOINT", "mirror.local")));
        assertTrue(refusal.toString().contains("HF_ENDPOINT: \"mirror.local\""), refusal.toString());
    }

    private HubSettings settings(Map<String, String> environment) {
        return HubSettings.of(environment, home);
    }
}
