package dev.stratalens.server.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Every configuration is read, or refused with its faults. */
@Timeout(60)
final class ConfigFuzzTest {

    @TempDir
    private static Path directory;

    @MethodSource
    @FuzzTest
    void configurationFile(byte[] bytes) throws IOException {
        read(Optional.of(Files.write(directory.resolve("stratalens.yaml"), bytes)), Map.of());
    }

    static Stream<byte[]> configurationFile() throws IOException {
        return Stream.of(
                Files.readAllBytes(Path.of("../../deploy/stratalens.yaml")),
                "models: {a: {model: hf:org/name, load: on-demand}, b: c.gguf}".getBytes(StandardCharsets.UTF_8));
    }

    /** Lines of a key, an equals sign and a value; without the sign a model. */
    @MethodSource
    @FuzzTest
    void flags(byte[] bytes) {
        Map<String, String> flags = new HashMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            int equals = line.indexOf('=');
            flags.put(equals < 0 ? Settings.MODELS : line.substring(0, equals), line.substring(equals + 1));
        }
        read(Optional.empty(), flags);
    }

    static Stream<byte[]> flags() {
        return Stream.of(
                        Settings.SCALARS.stream()
                                .map(setting -> setting.key() + "=" + setting.defaultText())
                                .collect(Collectors.joining("\n")),
                        "models=a=hf:org/name@main,b=demo\nload.a=on-demand")
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    private static void read(Optional<Path> file, Map<String, String> flags) {
        try {
            ConfigReader.read(file, Map.of(), flags, List.of());
        } catch (ConfigException e) {
            if (e.faults().isEmpty() || e.faults().stream().anyMatch(String::isBlank)) {
                throw new AssertionError("a failure that says nothing", e);
            }
        }
    }
}
