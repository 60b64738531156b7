package dev.stratalens.engine.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stratalens.engine.error.InvalidFieldException;
import dev.stratalens.engine.fake.FakeModel;
import dev.stratalens.engine.lens.plan.LensPlanner;
import dev.stratalens.engine.lens.plan.PlannedRequest;
import dev.stratalens.engine.lens.request.LensPrompt;
import dev.stratalens.engine.lens.request.RequestedPlan;
import dev.stratalens.engine.text.ChatTemplate.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {

    private static final List<ChatMessage> CHAT =
            List.of(new ChatMessage("system", "Be brief."), new ChatMessage("user", "Hi"));

    @TempDir
    private Path directory;

    @BeforeEach
    void copyATokenizer() throws IOException {
        Files.copy(RecordedTexts.DIRECTORY.resolve("byte-level/tokenizer.json"), directory.resolve("tokenizer.json"));
    }

    @Test
    void aTokenizerWithoutATemplateHasNone() throws IOException {
        config("{\"chat_template\": null}");

        assertEquals(Optional.empty(), template());
    }

    @Test
    void theSettingsHoldOneTemplateAndTheSpecialTokensThatItKnows() throws IOException {
        config("""
                {"chat_template": "{{ bos_token }}{{ messages[1].content }}{{ eos_token }}{{ image_token }}{{ pad_token }}.",
                 "bos_token": "<b>", "eos_token": {"__type": "AddedToken", "content": "<e>"}, "image_token": "<i>", "pad_token": null}""");

        assertEquals("<b>Hi<e><i>.", render(Ending.NONE));
    }

    @Test
    void theOlderMapOfSpecialTokensComesBeforeTheSettings() throws IOException {
        config("{\"chat_template\": \"{{ bos_token }}\", \"bos_token\": \"<b>\"}");
        Files.writeString(directory.resolve("special_tokens_map.json"), "{\"bos_token\": {\"content\": \"<older>\"}}");

        assertEquals("<older>", render(Ending.NONE));
    }

    @Test
    void ofSeveralTemplatesTheDefaultOneIsUsed() throws IOException {
        config("""
                {"chat_template": [{"name": "tool_use", "template": "tools"}, {"name": "default", "template": "{{ messages | length }}"}]}""");

        assertEquals("2", render(Ending.NONE));
    }

    @Test
    void severalTemplatesWithoutADefaultOneAreNamed() throws IOException {
        config("""
                {"chat_template": [{"name": "tool_use", "template": "tools"}, {"name": "rag", "template": "texts"}]}""");

        InvalidFieldException refusal = assertThrows(InvalidFieldException.class, () -> render(Ending.NONE));
        assertTrue(refusal.getMessage().contains("only templates for rag, tool_use"), refusal.getMessage());
    }

    @Test
    void aTemplateInAFileOfItsOwnComesBeforeTheSettings() throws IOException {
        config("{\"chat_template\": \"old\"}");
        Files.writeString(
                directory.resolve("chat_template.jinja"),
                "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");

        assertEquals("<system>Be brief.<user>Hi<assistant>", render(Ending.GENERATION_PROMPT));
        assertEquals("<system>Be brief.<user>Hi", render(Ending.NONE));
    }

    @Test
    void aTemplateThatRefusesTheMessagesSaysWhyInItsOwnWords() throws IOException {
        config("{\"chat_template\": \"{{ raise_exception('No system messages.') }}\"}");

        InvalidFieldException refusal =
                assertThrows(InvalidFieldException.class, () -> render(Ending.GENERATION_PROMPT));
        assertEquals("messages", refusal.field());
        assertTrue(refusal.getMessage().contains("No system messages."), refusal.getMessage());
    }

    @Test
    void aTemplateThatIsNotUnderstoodIsRefusedOnlyWhenItIsUsed() throws IOException {
        config("{\"chat_template\": \"{% nosuch %}\"}");

        try (JsonTokenizer tokenizer = JsonTokenizer.open(directory)) {
            assertTrue(tokenizer.encode("Hi", false).ids().length > 0);
        }
        InvalidFieldException refusal = assertThrows(InvalidFieldException.class, () -> render(Ending.NONE));
        assertTrue(refusal.getMessage().contains("the statement 'nosuch' is not supported"), refusal.getMessage());
    }

    @Test
    void furtherVariablesReachTheTemplate() throws IOException {
        config(
                "{\"chat_template\": \"{% if enable_thinking %}<think>{% endif %}{{ tools[0].name }}{{ messages | length }}\"}");

        String text = template()
                .orElseThrow()
                .render(
                        "chat.messages",
                        CHAT,
                        Ending.NONE,
                        Map.of("enable_thinking", true, "tools", List.of(Map.of("name", "search")), "messages", 1L));

        assertEquals("<think>search2", text);
    }

    @Test
    void aChatIsAPromptThatIsReadAsTheTemplateWritesIt() throws IOException {
        config("{\"chat_template\": \"{% for m in messages %}{{ m.content }}{% endfor %}{{ more }}\"}");
        var chat = new LensPrompt.Chat(CHAT, Ending.NONE, Map.of("more", "!"));
        try (JsonTokenizer tokenizer = JsonTokenizer.open(directory)) {
            PlannedRequest planned = LensPlanner.plan(
                    RequestedPlan.builder(chat).build(), FakeModel.sized("m", 1 << 20, 100), tokenizer);

            assertEquals(Optional.of("Be brief.Hi!"), planned.renderedPrompt());
            assertArrayEquals(
                    tokenizer.encode("Be brief.Hi!", false).ids(),
                    planned.plan().tokenIds());
        }
    }

    private void config(String json) throws IOException {
        Files.writeString(directory.resolve("tokenizer_config.json"), json);
    }

    private String render(Ending ending) {
        return template().orElseThrow().render(CHAT, ending);
    }

    private Optional<ChatTemplate> template() {
        try (JsonTokenizer tokenizer = JsonTokenizer.open(directory)) {
            return tokenizer.chatTemplate();
        }
    }
}
