package dev.stratalens.cli.selection;

import dev.stratalens.cli.failure.CliException;
import dev.stratalens.cli.input.PromptInput;
import dev.stratalens.client.request.ChatMessage;
import dev.stratalens.client.request.Prompt;
import dev.stratalens.client.request.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether the prompt is a message to a chat model. */
public final class ChatOptions {

    @Option(
            names = "--chat",
            description = "Read the prompt as a user's message, through the model's own chat template.")
    public boolean chat;

    @Option(names = "--system", paramLabel = "TEXT", description = "With --chat: a system message before it.")
    @Nullable
    String system;

    /** Refuses what would be ignored. */
    public void check() {
        if (system != null && !chat) {
            throw CliException.usage("--system needs --chat: without it the prompt is read as it is.");
        }
    }

    /** What the model is to read. */
    public Prompt prompt(String text) {
        return prompt(List.of(), text);
    }

    /**
     * What the model is to read in a further turn of a chat.
     *
     * @param before messages of the turns before, of user and assistant
     */
    public Prompt prompt(List<ChatMessage> before, String text) {
        if (!chat) {
            return new Prompt.Text(text);
        }
        List<ChatMessage> messages = new ArrayList<>();
        if (system != null) {
            PromptInput.refuseMangled(system, System.getProperty("sun.jnu.encoding", "UTF-8"));
            messages.add(ChatMessage.of("system", system));
        }
        messages.addAll(before);
        messages.add(ChatMessage.of("user", text));
        return Prompt.Chat.of(messages);
    }

    /** A template writes its special tokens itself. */
    public SpecialTokens specialTokens(boolean none) {
        return chat || none ? SpecialTokens.NONE : SpecialTokens.TOKENIZER_DEFAULT;
    }
}
