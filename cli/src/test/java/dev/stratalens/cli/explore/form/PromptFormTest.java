package dev.stratalens.cli.explore.form;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Gson;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SpecialTokens;
import org.junit.jupiter.api.Test;

class PromptFormTest {

    private static PromptForm form(String json) {
        return new Gson().fromJson(json, PromptForm.class);
    }

    @Test
    void aChatHasItsMessagesInTheirOrderAndTheTextLast() {
        PromptForm chat = form("""
            {"text": "And of Italy?", "chat": true, "system": "Be brief.", "earlier": [
              {"role": "user", "content": "What is the capital of France?"}, {"role": "assistant", "content": "Paris"}]}""");
        assertEquals(
                Prompt.chat(
                        ChatMessage.of("system", "Be brief."),
                        ChatMessage.of("user", "What is the capital of France?"),
                        ChatMessage.of("assistant", "Paris"),
                        ChatMessage.of("user", "And of Italy?")),
                chat.prompt());
        assertEquals(SpecialTokens.NONE, chat.added());
    }

    @Test
    void withoutAChatTheTextStandsAlone() {
        assertEquals(
                new Prompt.Text("Hello"),
                form("{\"text\": \"Hello\", \"earlier\": [{\"role\": \"user\", \"content\": \"Hi\"}]}")
                        .prompt());
        assertEquals(
                Prompt.chat(ChatMessage.of("user", "Hi")),
                form("{\"text\": \"Hi\", \"chat\": true}").prompt());
    }
}
