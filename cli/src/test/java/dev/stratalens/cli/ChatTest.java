package dev.stratalens.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.cli.connect.LocalModel;
import dev.stratalens.cli.connect.LocalServer;
import dev.stratalens.cli.terminal.ColorDepth;
import dev.stratalens.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --chat} on a model that has a template. */
class ChatTest {

    private static final Terminal ERROR_TERMINAL = new Terminal(true, false, true, 100, 50, ColorDepth.PLAIN);
    private static final String HINT = "This model has a chat template; --chat reads the prompt through it.";

    @TempDir
    private Path model;

    @BeforeEach
    void copyAModelAndGiveItATemplate() throws IOException {
        try (Stream<Path> files = Files.list(CliRun.TINY)) {
            for (Path file : files.toList()) {
                Files.copy(file, model.resolve(file.getFileName()));
            }
        }
        Files.writeString(
                model.resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}<|endoftext|>");
    }

    @Test
    void tokenizeShowsTheRenderedChat() {
        CliRun chat = CliRun.of("tokenize", "--model", model.toString(), "--chat", "--system", "be", "the");

        CliRun text = CliRun.of(
                "tokenize", "--model", model.toString(), "--no-special-tokens", "system: be\nuser: the\n<|endoftext|>");
        assertEquals(0, chat.exitCode(), chat.err());
        assertEquals(text.out(), chat.out());
        assertTrue(chat.out().contains("<|endoftext|>"), chat.out());
    }

    @Test
    void analyzeReadsTheRenderedChat() {
        CliRun run = CliRun.of(
                "analyze", "--model", model.toString(), "--chat", "--positions", "last", "--format", "json", "the");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("\"prompt\":\"user: the\\n<|endoftext|>\""), run.out());
    }

    @Test
    void aTerminalShowsTheRenderedChat() {
        List<String> chat = List.of("analyze", "--model", model.toString(), "--chat", "--system", "be", "the");

        String seen = CliRun.on(ERROR_TERMINAL, "", chat.toArray(String[]::new)).err();
        assertTrue(
                seen.contains("The chat template wrote this prompt:\n  system: be⏎\n  user: the⏎\n  <|endoftext|>\n"),
                seen);
        assertEquals("", CliRun.of(chat.toArray(String[]::new)).err());
        assertFalse(CliRun.on(ERROR_TERMINAL, "", with(chat, "--quiet")).err().contains("template"));
    }

    private static String[] with(List<String> arguments, String option) {
        return Stream.concat(arguments.stream(), Stream.of(option)).toArray(String[]::new);
    }

    @Test
    void analyzeSaysOnceThatThereIsATemplateWhereSomebodySeesIt() {
        List<String> plain = List.of("analyze", "--model", model.toString(), "the");

        String hinted =
                CliRun.on(ERROR_TERMINAL, "", plain.toArray(String[]::new)).err();
        assertEquals(hinted.indexOf(HINT), hinted.lastIndexOf(HINT));
        assertTrue(hinted.contains(HINT), hinted);
        assertFalse(CliRun.of(plain.toArray(String[]::new)).err().contains(HINT));
        assertFalse(CliRun.on(ERROR_TERMINAL, "", "analyze", "--model", model.toString(), "--chat", "the")
                .err()
                .contains(HINT));
        assertFalse(CliRun.on(ERROR_TERMINAL, "", "analyze", "--model", model.toString(), "--quiet", "the")
                .err()
                .contains(HINT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"analyze", "entropy", "crystallize"})
    void aChatAndItsLastPositionAreOneCall(String command) throws IOException {
        try (LocalServer server = LocalServer.start(List.of(new LocalModel("chatty", model)), "auto", "auto");
                CountedCalls calls = new CountedCalls(server.name())) {
            CliRun run = CliRun.on(
                    ERROR_TERMINAL,
                    "",
                    command,
                    "--server",
                    calls.address(),
                    "--chat",
                    "--system",
                    "be",
                    "--positions",
                    "last",
                    "the");

            assertEquals(0, run.exitCode(), run.err());
            assertTrue(run.err().contains("  system: be⏎\n"), run.err());
            assertEquals(List.of("stratalens.v1.LensService/Analyze"), calls.methods());
        }
    }

    @Test
    void aSystemMessageWithoutAChatIsRefused() {
        CliRun run = CliRun.of("analyze", "--model", model.toString(), "--system", "Be brief.", "the");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--system needs --chat"), run.err());
    }

    @Test
    void aModelWithoutATemplateRefusesAChat() {
        CliRun run = CliRun.of("tokenize", "--model", CliRun.TINY.toString(), "--chat", "the");

        assertEquals(2, run.exitCode());
        assertTrue(run.err().contains("--chat: the model has no chat template"), run.err());
    }
}
