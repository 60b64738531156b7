package dev.stratalens.server.access.policy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy is read, or refused with its faults. */
@Timeout(60)
final class PolicyFuzzTest {

    @TempDir
    private static Path directory;

    @MethodSource
    @FuzzTest
    void policy(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("policy.yaml"), bytes);
        try {
            PolicyFile.read(file);
        } catch (IOException e) {
            if (e.getMessage() == null || !e.getMessage().contains("policy.yaml")) {
                throw new AssertionError("a failure that does not name the file", e);
            }
        }
    }

    static Stream<byte[]> policy() throws IOException {
        return Stream.of(Files.readAllBytes(Path.of("../../deploy/access-policy.yaml")));
    }
}
