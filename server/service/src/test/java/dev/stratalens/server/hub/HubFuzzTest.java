package dev.stratalens.server.hub;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.server.error.ModelSourceException;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Every answer of a hub is understood or is none; no name that it gives leads out of a model's directory. */
@Timeout(60)
final class HubFuzzTest {

    @TempDir
    private static Path directory;

    @MethodSource
    @FuzzTest
    void listing(byte[] bytes) {
        HubApi.listing(FakeHub.MODEL, bytes).ifPresent(listing -> {
            try {
                requireInside(ModelFiles.first(FakeHub.MODEL, listing.files()));
            } catch (ModelSourceException e) {
                requireText(e);
            }
        });
    }

    @MethodSource
    @FuzzTest
    void shardIndex(byte[] bytes) throws IOException {
        Files.write(directory.resolve("model.safetensors.index.json"), bytes);
        try {
            requireInside(ModelFiles.shards(FakeHub.MODEL, directory));
        } catch (ModelSourceException e) {
            requireText(e);
        }
    }

    @MethodSource
    @FuzzTest
    void headers(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Duration wait = RetryAfter.of(HttpHeaders.of(Map.of("Retry-After", List.of(text)), (name, value) -> true));
        if (wait.isNegative()) {
            throw new AssertionError("a wait of " + wait);
        }
        ContentHash.ofEtag(text);
        HubModel.parse(HubModel.SCHEME + text);
    }

    static Stream<byte[]> listing() {
        return seeds(
                "{\"sha\":\"%s\",\"siblings\":[{\"rfilename\":\"config.json\"},{\"rfilename\":\"model.safetensors\"}]}"
                        .formatted(FakeHub.COMMIT));
    }

    static Stream<byte[]> shardIndex() {
        return seeds(
                "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}}");
    }

    static Stream<byte[]> headers() {
        return seeds("120", "Fri, 31 Dec 1999 23:59:59 GMT", "W/\"" + FakeHub.COMMIT + "\"", "org/name@refs/pr/1");
    }

    private static Stream<byte[]> seeds(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static void requireInside(List<String> files) {
        for (String file : files) {
            if (!Path.of("model").resolve(file).normalize().equals(Path.of("model", file))) {
                throw new AssertionError("leads out of the directory: " + file);
            }
        }
    }

    private static void requireText(ModelSourceException failure) {
        if (failure.getMessage().isBlank()) {
            throw new AssertionError("a failure that says nothing", failure);
        }
    }
}
