package dev.stratalens.engine.text.jinja;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.stratalens.engine.text.jinja.runtime.TemplateException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Every template is rendered or refused with a reason, soon and with little memory. */
@Timeout(60)
class TemplateFuzzTest {

    private static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 2, 3, 4, 5);

    private static final Map<String, Object> VARIABLES = Map.of(
            "messages",
            List.of(
                    Map.of("role", "system", "content", "Be brief."),
                    Map.of("role", "user", "content", " Why? "),
                    Map.of("role", "assistant", "content", "<think>Hm.</think>Because.")),
            "tools",
            List.of(Map.of("name", "search", "parameters", Map.of("limit", 3, "strict", true))),
            "add_generation_prompt",
            true,
            "bos_token",
            "<s>",
            "eos_token",
            "</s>");

    @MethodSource("templates")
    @FuzzTest
    void template(byte[] bytes) {
        try {
            Template.parse(new String(bytes, StandardCharsets.UTF_8)).render(VARIABLES, NOW);
        } catch (TemplateException e) {
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("a failure that says nothing", e);
            }
        }
    }

    static Stream<byte[]> templates() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/chat-templates/templates"))) {
            List<byte[]> seeds = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
            return seeds.stream();
        }
    }
}
